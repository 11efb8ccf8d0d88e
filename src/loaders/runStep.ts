import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import type { CollectionKind } from './collection.ts';
import { compositeKey } from './objectLoader.ts';
import type { RunKey } from './run.ts';

/** The steps of a run. */
export interface RunStepList extends RunKey {
  /** Whether to include the content of file-search results, which REST omits by default. */
  include: boolean;
}

export interface RunStepKey extends RunStepList {
  stepId: string;
}

/** Run steps: listed by run, with or without the content of file-search results. */
export const runStepKind = (rest: Rest): CollectionKind<RunStepKey, RunStepList, Received<RestRunStep>> => ({
  type: 'runStep',
  key: (step) => ({ threadId: step.thread_id, runId: step.run_id, stepId: step.id, include: false }),
  id: ({ stepId }) => stepId,
  list: ({ threadId, runId, include }) => ({ threadId, runId, include }),
  name: ({ threadId, runId, include }) => compositeKey(include ? 'full' : 'bare', compositeKey(threadId, runId)),
  owned: true,
  retrieve: ({ threadId, runId, include }, stepId) => rest.runSteps.retrieve(threadId, runId, stepId, { include }),
  read: ({ threadId, runId, include }, { limit, order, after }) =>
    rest.runSteps.list(threadId, runId, { limit, order, after, include }),
});
