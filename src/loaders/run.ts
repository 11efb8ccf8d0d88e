import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestRun } from '../wire/run.ts';
import type { CollectionKind } from './collection.ts';

export interface RunKey {
  threadId: string;
  runId: string;
}

/** Runs: listed by thread. */
export const runKind = (rest: Rest): CollectionKind<RunKey, string, Received<RestRun>> => ({
  type: 'run',
  key: (run) => ({ threadId: run.thread_id, runId: run.id }),
  id: ({ runId }) => runId,
  list: ({ threadId }) => threadId,
  name: (threadId) => threadId,
  owned: true,
  retrieve: (threadId, runId) => rest.runs.retrieve(threadId, runId),
  read: (threadId, window) => rest.runs.list(threadId, window),
});
