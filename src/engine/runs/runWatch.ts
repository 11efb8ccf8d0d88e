import { isTerminalStatus, type RestRunStatus } from '../../wire/runStatus.ts';
import type { RunChange } from '../store/changeNotifier.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Watches a run that a worker claims. */
export interface RunWatch {
  /** Aborted once the run is cancelled, has ended, was deleted, or belongs to another worker. */
  readonly signal: AbortSignal;
  /** Has to be called once the claim is committed. */
  claimed(): void;
  /** The latest status that was committed. */
  latestStatus(): RestRunStatus;
  /** Aborts the signal. */
  abort(): void;
  /** Stops watching. */
  close(): void;
}

/** Made once: each run that ends aborts its signal. */
const stopped = new DOMException('The run is not executed here any more.', 'AbortError');

const hasEnded = (change: RunChange) =>
  change !== undefined && (change.status === 'cancelling' || isTerminalStatus(change.status));

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
  let latestStatus: RestRunStatus = 'in_progress';
  let isClaimed = false;
  let isClosed = false;
  let mayHaveChanged = false;
  const checkOwnership = async () => {
    try {
      const latest = await store.runs.find(runId);
      if (latest?.lease !== lease || latest?.run.status !== 'in_progress') stop.abort(stopped);
    } catch (error) {
      if (!isClosed) log(`run ${runId} could not be read: ${String(error)}`);
    }
  };
  const unsubscribe = store.onRunChange(runId, (change) => {
    latestStatus = change?.status ?? latestStatus;
    if (change?.lease === lease && change.status === 'in_progress') return;
    if (hasEnded(change)) stop.abort(stopped);
    else if (isClaimed) void checkOwnership();
    else mayHaveChanged = true; // What is read before the claim is committed says nothing.
  });
  return {
    signal: stop.signal,
    claimed: () => {
      isClaimed = true;
      if (mayHaveChanged) void checkOwnership();
    },
    latestStatus: () => latestStatus,
    abort: () => stop.abort(stopped),
    close: () => {
      isClosed = true;
      unsubscribe();
    },
  };
};
