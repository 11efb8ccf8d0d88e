import type { RestRun } from '../../../wire/run.ts';
import type { RestModelUsage } from '../../../wire/thread.ts';

/** Usage of the ended runs of a thread that had the same model. */
export interface ThreadModelUsage extends RestModelUsage {
  /** Runs whose usage is unknown, and which the sums leave out. */
  unknown_runs: number;
  /** Runs with prompt tokens of which the number of cached ones is unknown. */
  uncounted_runs: number;
}

export interface ThreadUsageReads {
  /** One item for each model. Its cost does not depend on the number of runs. */
  get(threadId: string): Promise<ThreadModelUsage[]>;
  /** Those of several threads, each with the id of its thread. */
  ofThreads(threadIds: string[]): Promise<(ThreadModelUsage & { thread_id: string })[]>;
}

export interface ThreadUsageWrites extends ThreadUsageReads {
  /** Adds a run that has ended to the usage of its thread. */
  add(run: RestRun): Promise<void>;
}
