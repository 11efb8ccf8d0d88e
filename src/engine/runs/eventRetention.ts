import { type BatchJob, startBatchJob } from '../batchJob.ts';
import type { Store } from '../store/store.ts';

/** Maximum number of rows that one transaction removes, each of up to 50 events: a few milliseconds of writing. */
const rowsPerStep = 200;

export interface EventRetentionOptions {
  /** Milliseconds after the end of a run for which its events are stored. */
  retentionMs: number;
  /** Milliseconds between looks for old events. */
  intervalMs: number;
  log: (line: string) => void;
}

/** Removes the events of runs that ended some time ago. Their streams are then made from their objects. */
export const startEventRetention = (store: Store, { retentionMs, intervalMs, log }: EventRetentionOptions): BatchJob =>
  startBatchJob({
    name: 'the removal of old events',
    step: async () => {
      const endedUntil = Date.now() - retentionMs;
      if (!(await store.runs.hasPrunable(endedUntil))) return false;
      return store.write((writes) => writes.events.prune(endedUntil, rowsPerStep));
    },
    intervalMs,
    pauseMs: 10,
    log,
  });
