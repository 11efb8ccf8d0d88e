import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { Received } from '../rest/received.ts';
import type { RestThread } from '../wire/thread.ts';
import type { RestMetadata } from '../wire/page.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type Thread = Received<RestThread>;

export const threadReference = (threadId: string, { loaders }: Context): Reference<Thread> => ({
  type: 'Thread',
  ids: { id: threadId },
  load: () => loaders.threads.load(threadId),
});

export const threadById = (threadId: string, context: Context, info: GraphQLResolveInfo) =>
  lookUp(threadReference(threadId, context), context, info);

/** The thread that an object belongs to; null if it has been deleted. */
export const threadOf = ({ thread_id: threadId }: { thread_id: string }, context: Context, info: GraphQLResolveInfo) =>
  follow(threadReference(threadId, context), context, info);

/** Times are in milliseconds. */
interface ThreadFilterArgs {
  metadata?: RestMetadata | null | undefined;
  createdAfter?: number | null | undefined;
  createdBefore?: number | null | undefined;
}

export const threadsList = 'threads';

/** The threads that match a filter. Rejects with NotSupportedError if the upstream has no list of threads. */
export const allThreads = (
  { filter, ...args }: ConnectionArgs & { filter?: ThreadFilterArgs | null | undefined },
  { loaders, limits }: Context,
  info: GraphQLResolveInfo,
) => {
  const { metadata, createdAfter, createdBefore } = filter ?? {};
  const wanted = {
    metadata: metadata ?? undefined,
    // The API has whole seconds.
    createdAfter: createdAfter == null ? undefined : Math.floor(createdAfter / 1000),
    createdBefore: createdBefore == null ? undefined : Math.ceil(createdBefore / 1000),
  };
  return paginate(args, { name: threadsList, page: (window) => loaders.threads.page(wanted, window) }, limits, {
    pageInfo: needsPageInfo(info),
  });
};
