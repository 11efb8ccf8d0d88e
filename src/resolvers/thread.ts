import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { Received } from '../rest/received.ts';
import type { RestThread } from '../wire/thread.ts';
import { follow, lookUp, type Reference } from './reference.ts';

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
