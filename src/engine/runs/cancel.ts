import { apiErrors } from '../errors.ts';
import type { RunRecord, StoreWrites } from '../store/store.ts';
import { endRun, openWorkOf } from './ending.ts';
import { openLedger } from './ledger.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** Cancels a run that no worker is at, or that its worker has let go of. */
export const cancelRun = async (writes: StoreWrites, record: RunRecord): Promise<RunRecord> => {
  const ledger = openLedger(record);
  const open = await openWorkOf(writes, record);
  if (record.run.status !== 'cancelling') ledger.run('cancelling');
  endRun(ledger, { status: 'cancelled' }, open);
  await ledger.save(writes);
  return ledger.record;
};

/**
 * Cancels a run, or where a worker is at it, has that worker do so. Asking again changes nothing.
 * @throws {ApiError} 400 for a run that has ended.
 */
export const requestCancel = async (writes: StoreWrites, record: RunRecord): Promise<RunRecord> => {
  const { status } = record.run;
  if (isTerminalStatus(status)) throw apiErrors.cancelEnded(status);
  if (status === 'cancelling') return record;
  if (record.lease === null) return cancelRun(writes, record);
  const ledger = openLedger(record);
  ledger.run('cancelling');
  await ledger.save(writes);
  return ledger.record;
};
