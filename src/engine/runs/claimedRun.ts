import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';
import { type RunTransaction, runTransactionOf } from './runTransaction.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** The worker no longer holds the run: it was cancelled, has expired, or its thread was deleted. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/**
 * Writes to a run if the worker still holds the lease and the run is in progress.
 * @throws {LeaseLostError}
 */
export const writeToClaimedRun = (
  { store }: WorkerDependencies,
  { run, lease }: RunRecord,
  record: (transaction: RunTransaction, reads: StoreReads) => void | Promise<void>,
): Promise<void> =>
  store.write(async (writes) => {
    const latest = await writes.runs.lock(run.id);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') throw new LeaseLostError();
    const transaction = runTransactionOf(latest);
    await record(transaction, writes);
    await transaction.save(writes);
  });

/**
 * As `writeToClaimedRun`, for changes of the steps and messages of a run alone. It reads nothing: most writes are deltas.
 * @throws {LeaseLostError}
 */
export const appendToClaimedRun = (
  { store }: WorkerDependencies,
  claimed: RunRecord,
  record: (transaction: RunTransaction) => void,
): Promise<void> =>
  store.write(async (writes) => {
    const transaction = runTransactionOf(claimed);
    record(transaction);
    if (claimed.lease === null || !(await transaction.append(writes, claimed.lease))) throw new LeaseLostError();
  });
