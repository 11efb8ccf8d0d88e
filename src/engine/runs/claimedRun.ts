import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';
import { type RunTransaction, runTransactionOf } from './runTransaction.ts';
import type { Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** The worker no longer holds the run: it was cancelled, has expired, or its thread was deleted. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/**
 * Writes to a run and its open turn if the worker still holds the lease and the run is in progress.
 * @throws {LeaseLostError}
 */
export const writeToClaimedRun = (
  { store }: WorkerDependencies,
  { run, lease }: RunRecord,
  turn: Turn,
  record: (transaction: RunTransaction, reads: StoreReads) => void | Promise<void>,
) =>
  store.write(async (writes) => {
    const latest = await writes.runs.lock(run.id);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') throw new LeaseLostError();
    if (turn.message !== undefined) {
      // Clients may change the metadata of a message while it is written.
      const stored = await writes.messages.get(run.thread_id, turn.message.id);
      turn.message = { ...turn.message, metadata: stored?.metadata ?? turn.message.metadata };
    }
    const transaction = runTransactionOf(latest);
    await record(transaction, writes);
    await transaction.save(writes);
  });
