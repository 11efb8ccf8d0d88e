import DataLoader from 'dataloader';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { PageQuery } from '../wire/page.ts';
import type { RestRun } from '../wire/run.ts';
import { eachAlone } from './alone.ts';
import type { MessageLoader } from './message.ts';
import { Pages } from './pages.ts';
import type { RunStepLoader } from './runStep.ts';

type Run = Received<RestRun>;

export interface RunKey {
  threadId: string;
  runId: string;
}

const keyOf = (run: Run): RunKey => ({ threadId: run.thread_id, runId: run.id });

/** Runs, as one request knows them. A run that was written goes on by itself, so its steps and the thread's messages go stale with it. */
export const runLoader = (rest: Rest, messages: MessageLoader, runSteps: RunStepLoader) => {
  const byId = new DataLoader<RunKey, Run | null, string>(
    (keys) => eachAlone(keys, ({ threadId, runId }) => rest.runs.retrieve(threadId, runId)),
    { name: 'run', cacheKeyFn: ({ threadId, runId }) => `${threadId}/${runId}` },
  );
  const pages = new Pages<string, PageQuery, Run>({
    name: (threadId) => threadId,
    read: (threadId, query) => rest.runs.list(threadId, query),
    onItem: (run) => byId.prime(keyOf(run), run),
  });
  return {
    load: (key: RunKey) => byId.load(key),
    page: (threadId: string, query: PageQuery) => pages.load(threadId, query),
    wrote(run: Run) {
      byId.clear(keyOf(run)).prime(keyOf(run), run);
      pages.clear(run.thread_id);
      messages.listChanged(run.thread_id);
      runSteps.runChanged(keyOf(run));
    },
    clearAll() {
      byId.clearAll();
      pages.clearAll();
    },
  };
};

export type RunLoader = ReturnType<typeof runLoader>;
