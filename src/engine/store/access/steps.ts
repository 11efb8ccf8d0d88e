import type { RestRunStep } from '../../../wire/runStep.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface StepReads {
  get(runId: string, stepId: string): Promise<RestRunStep | undefined>;
  list(runId: string, page: PageRequest): Promise<StoredPage<RestRunStep>>;
  /** All steps of a run, oldest first. */
  ofRun(runId: string): Promise<RestRunStep[]>;
  /** All steps of the runs, oldest first. */
  ofRuns(runIds: readonly string[]): Promise<RestRunStep[]>;
}

export interface StepWrites extends StepReads {
  insert(step: RestRunStep): Promise<void>;
  update(step: RestRunStep): Promise<void>;
}
