import type { RunRecord } from '../store/access/runs.ts';
import type { Store, StoreWrites, TenantStore } from '../store/store.ts';
import { endAsCancelled } from './cancellation.ts';
import { endRun, openObjectsOf } from './runEnding.ts';
import { runTransactionOf } from './runTransaction.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** Maximum number of runs expired in one transaction. */
const batchSize = 10;
/** Maximum number of such transactions in one sweep. */
const maxBatches = 10;

export const isOverdue = ({ run, expiresAt }: RunRecord, now: number = Date.now()): boolean =>
  expiresAt <= now && !isTerminalStatus(run.status);

/** The run, expired if it is overdue. A run that is being cancelled is cancelled instead. */
export const expireIfOverdue = async (writes: StoreWrites, record: RunRecord): Promise<RunRecord> => {
  if (!isOverdue(record)) return record;
  if (record.run.status === 'cancelling') return endAsCancelled(writes, record);
  const transaction = runTransactionOf(record);
  endRun(transaction, { status: 'expired' }, await openObjectsOf(writes, record));
  await transaction.save(writes);
  return transaction.record;
};

/** The run as readers may see it: an overdue one is expired even if no sweep has reached it. */
export const upToDateRun = async (store: TenantStore, record: RunRecord): Promise<RunRecord> => {
  if (!isOverdue(record)) return record;
  return store.write(async (writes) => {
    const latest = await writes.runs.lock(record.run.id);
    return latest === undefined ? record : expireIfOverdue(writes, latest);
  });
};

/** Expires overdue runs. */
export const expireOverdue = async (store: Store): Promise<void> => {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    if (!(await store.runs.isAnyOverdue(Date.now()))) return;
    await store.write(async (writes) => {
      for (const record of await writes.runs.overdue(Date.now(), batchSize)) await expireIfOverdue(writes, record);
    });
  }
};
