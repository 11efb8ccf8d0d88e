import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { millisecondsOf } from './isoTime.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type Run = Received<RestRun>;

export const runReference = (key: RunKey, { loaders }: Context): Reference<Run> => ({
  type: 'Run',
  ids: { id: key.runId, thread_id: key.threadId },
  load: () => loaders.runs.load(key),
});

export const runById = (key: RunKey, context: Context, info: GraphQLResolveInfo) =>
  lookUp(runReference(key, context), context, info);

/** The run that generated an object; null if none did. */
export const runOf = (
  { thread_id: threadId, run_id: runId }: { thread_id: string; run_id?: string | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
) => (runId == null ? null : follow(runReference({ threadId, runId }, context), context, info));

export const runList = (threadId: string) => `runs/${threadId}`;

export const runsOf = (
  threadId: string,
  args: ConnectionArgs,
  { loaders, limits }: Context,
  info: GraphQLResolveInfo,
) =>
  paginate(args, { name: runList(threadId), page: (window) => loaders.runs.page(threadId, window) }, limits, {
    pageInfo: needsPageInfo(info),
  });

/** Whole seconds from the start to the end; null until both are known. */
export const durationOf = ({ started_at, completed_at, failed_at, cancelled_at }: Run) => {
  const ended = completed_at ?? failed_at ?? cancelled_at;
  if (started_at == null || ended == null) return null;
  return Math.round((millisecondsOf(ended) - millisecondsOf(started_at)) / 1000);
};
