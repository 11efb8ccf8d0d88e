import type { RestMetadata, PageQuery } from '../wire/page.ts';
import type { RestThread } from '../wire/thread.ts';
import type { RestClient } from './client.ts';
import { ApiError } from './errors/apiError.ts';
import { NotSupportedError } from './errors/notSupportedError.ts';
import { optionalRoutes } from './optionalRoutes.ts';
import { pageOf } from './parseBody.ts';
import { path } from './path.ts';
import type { Received } from './received.ts';

/** Which threads to list. Times are in Unix seconds, both exclusive. */
export interface ThreadFilter {
  readonly metadata?: RestMetadata | undefined;
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
}

const call = { method: 'GET', path: '/threads' } as const;
const what = 'a list of threads';

/** OpenAI has the list for its web site only, and returns 401 with this code to API keys (openai/openai-node#821). */
const isForbidden = (error: unknown) => error instanceof ApiError && error.code === 'missing_scope';

const matches = (
  thread: Received<RestThread>,
  { metadata = {}, createdAfter, createdBefore }: ThreadFilter,
): boolean => {
  const { created_at: createdAt, metadata: pairs } = thread;
  return (
    Object.entries(metadata).every(([key, value]) => pairs?.[key] === value) &&
    (createdAfter === undefined || (createdAt ?? 0) > createdAfter) &&
    (createdBefore === undefined || (createdAt ?? 0) < createdBefore)
  );
};

const parametersOf = ({ metadata = {}, createdAfter, createdBefore }: ThreadFilter) => ({
  ...Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value])),
  'created_at[gt]': createdAfter,
  'created_at[lt]': createdBefore,
});

/**
 * The list of threads, which the Assistants API does not define, but the embedded engine and some other servers have. Rejects
 * with a NotSupportedError if the upstream has no such list, or if it ignores the filter: of the known servers only the engine
 * has filters.
 */
export const listThreads =
  (client: RestClient) =>
  async (query: PageQuery, filter: ThreadFilter = {}) => {
    const page = await optionalRoutes(client, what)
      .get(path`/threads`, pageOf<RestThread>(query.limit), { ...query, ...parametersOf(filter) })
      .catch((error: unknown) => {
        throw isForbidden(error) ? new NotSupportedError(call, `this upstream does not support ${what}.`) : error;
      });
    if (page.data.every((thread) => matches(thread, filter))) return page;
    throw new NotSupportedError(
      call,
      'the upstream ignores the filter: it returned threads that do not match. Leave out `filter`.',
    );
  };
