import { httpErrors } from '../httpErrors.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import { endRun, openObjectsOf } from './runEnding.ts';
import { runTransactionOf } from './runTransaction.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** Ends a run as cancelled. No worker may be processing it. */
export const endAsCancelled = async (writes: StoreWrites, record: RunRecord): Promise<RunRecord> => {
  const transaction = runTransactionOf(record);
  const open = await openObjectsOf(writes, record);
  if (record.run.status !== 'cancelling') transaction.transition('cancelling');
  endRun(transaction, { status: 'cancelled' }, open);
  await transaction.save(writes);
  return transaction.record;
};

/**
 * Cancels a run; if a worker holds its lease, that worker completes the cancellation. Has no effect on a run that is being
 * cancelled.
 * @throws {HttpError} 400 if the run has ended.
 */
export const requestCancellation = async (writes: StoreWrites, record: RunRecord): Promise<RunRecord> => {
  const { status } = record.run;
  if (isTerminalStatus(status)) throw httpErrors.cancelOfEndedRun(status);
  if (status === 'cancelling') return record;
  if (record.lease === null) return endAsCancelled(writes, record);
  const transaction = runTransactionOf(record);
  transaction.transition('cancelling');
  await transaction.save(writes);
  return transaction.record;
};
