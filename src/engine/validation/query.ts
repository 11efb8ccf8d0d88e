import { z } from 'zod';
import { INCLUDE_REASONING_EFFORT } from '../../wire/assistant.ts';
import { INCLUDE_FILE_SEARCH_CONTENT } from '../../wire/runStep.ts';
import type { PageRequest } from '../store/access/page.ts';
import type { StoredThreadFilter } from '../store/access/threads.ts';
import { integer, metadata } from './fields.ts';

/** Query parameters are text. A number in it is converted; anything else is left for the schema to reject. */
export const asNumber = (value: unknown) =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/u.test(value) ? Number(value) : value;

const page = {
  limit: z.preprocess(asNumber, integer(1, 100).default(20)),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().optional(),
  before: z.string().optional(),
};

const include = z.array(z.literal(INCLUDE_FILE_SEARCH_CONTENT)).optional();

export const pageQuerySchema = z.object(page);
export const assistantsQuerySchema = z.object({
  ...page,
  'include[]': z.array(z.literal(INCLUDE_REASONING_EFFORT)).optional(),
});
/** By the API reference, pages of files may be longer. */
export const filesQuerySchema = z.object({
  ...page,
  limit: z.preprocess(asNumber, integer(1, 10_000).default(10_000)),
  purpose: z.string().optional(),
});
export const messagesQuerySchema = z.object({ ...page, run_id: z.string().optional() });
export const stepsQuerySchema = z.object({ ...page, 'include[]': include });
export const includeQuerySchema = z.object({ 'include[]': include });
/** `after` is the number of the last event that the client has received. */
export const eventsQuerySchema = z.object({ after: z.preprocess(asNumber, integer(0).default(0)) });

const METADATA_PARAMETER = /^metadata\[(.*)\]$/su;
const bound = z.preprocess(asNumber, integer(0).optional());

const threadsQueryFields = z.object({
  ...page,
  metadata: metadata.optional(),
  'created_at[gt]': bound,
  'created_at[gte]': bound,
  'created_at[lt]': bound,
  'created_at[lte]': bound,
});

/**
 * `metadata[key]=value`, once for each pair that the threads must have, and `created_at[gt]`, `[gte]`, `[lt]` and `[lte]` in Unix
 * seconds: as the lists of the hosted API that have such filters (`GET /chat/completions`, `GET /organization/audit_logs`).
 */
export const threadsQuerySchema: z.ZodType<{ page: PageRequest; filter: StoredThreadFilter }> = z
  .preprocess((query) => {
    const sent = Object.entries(Object(query));
    const pairs = sent.flatMap(([name, value]) => {
      const key = METADATA_PARAMETER.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    });
    return { ...Object.fromEntries(sent), metadata: pairs.length === 0 ? undefined : Object.fromEntries(pairs) };
  }, threadsQueryFields)
  .transform(
    ({
      metadata: pairs = {},
      'created_at[gt]': after,
      'created_at[gte]': from,
      'created_at[lt]': before,
      'created_at[lte]': to,
      ...requested
    }) => {
      const lower = [from, after === undefined ? undefined : after + 1].filter((time) => time !== undefined);
      const upper = [before, to === undefined ? undefined : to + 1].filter((time) => time !== undefined);
      return {
        page: requested,
        filter: {
          metadata: pairs,
          createdFrom: lower.length === 0 ? undefined : Math.max(...lower),
          createdBefore: upper.length === 0 ? undefined : Math.min(...upper),
        },
      };
    },
  );

/**
 * The query as an object: the first value of each parameter, and all values of those whose name ends in `[]`. An empty
 * value counts as absent, except of metadata: clients send it for a variable that is not set.
 */
export const readQuery = (parameters: URLSearchParams): Record<string, string | string[]> => {
  const sent = [...parameters].filter(([name, value]) => value !== '' || METADATA_PARAMETER.test(name));
  return Object.fromEntries(
    [...new Set(sent.map(([name]) => name))].map((name) => {
      const values = sent.flatMap(([other, value]) => (other === name ? [value] : []));
      return [name, name.endsWith('[]') ? values : (values[0] ?? '')];
    }),
  );
};
