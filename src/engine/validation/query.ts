import { z } from 'zod';
import { INCLUDE_FILE_SEARCH_CONTENT } from '../../wire/runStep.ts';
import { integer } from './fields.ts';

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

/**
 * The query as an object: the first value of each parameter, and all values of those whose name ends in `[]`. An empty
 * value counts as absent: clients send it for a variable that is not set.
 */
export const readQuery = (parameters: URLSearchParams): Record<string, string | string[]> => {
  const sent = [...parameters].filter(([, value]) => value !== '');
  return Object.fromEntries(
    [...new Set(sent.map(([name]) => name))].map((name) => {
      const values = sent.flatMap(([other, value]) => (other === name ? [value] : []));
      return [name, name.endsWith('[]') ? values : (values[0] ?? '')];
    }),
  );
};
