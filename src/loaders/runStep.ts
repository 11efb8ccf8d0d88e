import DataLoader from 'dataloader';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { PageQuery } from '../wire/page.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import { eachAlone } from './alone.ts';
import type { RunKey } from './run.ts';
import { Pages } from './pages.ts';

type RunStep = Received<RestRunStep>;

export interface RunStepKey extends RunKey {
  stepId: string;
  /** With the content of file-search results, which REST sends only where it is asked for. */
  include: boolean;
}

export type RunStepPageQuery = PageQuery & { include: boolean };

/** Run steps, as one request knows them. */
export const runStepLoader = (rest: Rest) => {
  const byId = new DataLoader<RunStepKey, RunStep | null, string>(
    (keys) =>
      eachAlone(keys, ({ threadId, runId, stepId, include }) =>
        rest.runSteps.retrieve(threadId, runId, stepId, { include }),
      ),
    {
      name: 'runStep',
      cacheKeyFn: ({ threadId, runId, stepId, include }) => `${threadId}/${runId}/${stepId}/${include}`,
    },
  );
  const prime = (step: RunStep, include: boolean) =>
    byId.prime({ threadId: step.thread_id, runId: step.run_id, stepId: step.id, include }, step);
  const pages = new Pages<RunKey, RunStepPageQuery, RunStep>({
    name: ({ threadId, runId }) => `${threadId}/${runId}`,
    read: ({ threadId, runId }, query) => rest.runSteps.list(threadId, runId, query),
    onItem: (step, { include }) => {
      prime(step, false);
      if (include) prime(step, true);
    },
  });
  return {
    load: (key: RunStepKey) => byId.load(key),
    page: (run: RunKey, query: RunStepPageQuery) => pages.load(run, query),
    /** A run that goes on, or ends, changes its steps. */
    runChanged(run: RunKey) {
      byId.clearAll();
      pages.clear(run);
    },
    clearAll() {
      byId.clearAll();
      pages.clearAll();
    },
  };
};

export type RunStepLoader = ReturnType<typeof runStepLoader>;
