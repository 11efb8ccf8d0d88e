import type { RunRecord, Store, StoreWrites } from '../store/store.ts';
import { cancelRun } from './cancel.ts';
import { endRun, openWorkOf } from './ending.ts';
import { openLedger } from './ledger.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** Runs that one pass of the sweeper expires. */
const atOnce = 100;

export const isOverdue = ({ run, expiresAt }: RunRecord, now: number = Date.now()): boolean =>
  expiresAt <= now && !isTerminalStatus(run.status);

/** The run, expired if its time is up. One that was about to be cancelled is cancelled instead. */
export const expireIfOverdue = async (writes: StoreWrites, record: RunRecord): Promise<RunRecord> => {
  if (!isOverdue(record)) return record;
  if (record.run.status === 'cancelling') return cancelRun(writes, record);
  const ledger = openLedger(record);
  endRun(ledger, { status: 'expired' }, await openWorkOf(writes, record));
  await ledger.save(writes);
  return ledger.record;
};

/** The run as a reader may see it: no reader finds one active whose time is up, even where no sweep has come by yet. */
export const freshRun = async (store: Store, record: RunRecord): Promise<RunRecord> => {
  if (!isOverdue(record)) return record;
  return store.write(async (writes) => {
    const latest = await writes.runs.find(record.run.id);
    return latest === undefined ? record : expireIfOverdue(writes, latest);
  });
};

/** Expires what is overdue, whoever reads it. */
export const expireOverdue = async (store: Store): Promise<void> => {
  for (const runId of await store.runs.overdue(Date.now(), atOnce)) {
    await store.write(async (writes) => {
      const record = await writes.runs.find(runId);
      if (record !== undefined) await expireIfOverdue(writes, record);
    });
  }
};
