import { isTerminalStatus, type RestRunStatus } from '../../wire/runStatus.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Watches a run that a worker claims. */
export interface RunWatch {
  /** Aborted once the run is cancelled, has ended, was deleted, or belongs to another worker. */
  readonly signal: AbortSignal;
  /** The latest status that was committed. */
  latestStatus(): RestRunStatus;
  /** Aborts the signal. */
  abort(): void;
  /** Stops watching. */
  close(): void;
}

/**
 * Watches a run. It is called within the transaction by which `lease` claims the run, so that it misses no change of another
 * transaction: those are committed later. Changes by the worker itself, which leave the run in progress, are ignored.
 */
export const watchRun = (
  { store, log }: Pick<WorkerDependencies, 'store' | 'log'>,
  runId: string,
  lease: string,
): RunWatch => {
  const stop = new AbortController();
  let isClosed = false;
  let latestStatus: RestRunStatus = 'in_progress';
  const checkOwnership = async () => {
    const latest = await store.runs.find(runId);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') stop.abort();
  };
  const unsubscribe = store.onRunChange(runId, (change) => {
    latestStatus = change?.status ?? latestStatus;
    if (change?.lease === lease && change.status === 'in_progress') return;
    if (change !== undefined && (change.status === 'cancelling' || isTerminalStatus(change.status)))
      return stop.abort();
    checkOwnership().catch((error: unknown) => {
      if (!isClosed) log(`run ${runId} could not be read: ${String(error)}`);
    });
  });
  return {
    signal: stop.signal,
    latestStatus: () => latestStatus,
    abort: () => stop.abort(),
    close: () => {
      isClosed = true;
      unsubscribe();
    },
  };
};
