import { unixSeconds } from '../clock.ts';
import type { Model } from '../models/model.ts';
import type { RunProgress } from '../store/runProgress.ts';
import type { NextWork, RunRecord } from '../store/access/runs.ts';
import type { WorkerWrites } from '../store/store.ts';
import { expireIfOverdue, isOverdue } from './expiry.ts';
import { type RunTransaction, runTransactionOf } from './runTransaction.ts';
import type { RunWatch } from './runWatch.ts';

export const nextWorkOf = ({ progress }: RunRecord): NextWork =>
  progress.hasServerCalls ? 'tool_calls' : 'model_call';

/**
 * The progress of a run that is claimed: its model call is about to begin, or the tool calls that the server runs. If a model call
 * of another worker was not ended, what it used remains unknown, unless the model is one that repeats the call.
 */
const callingProgress = ({ progress }: RunRecord, { offline }: Model): RunProgress => ({
  ...progress,
  isCalling: !progress.hasServerCalls,
  usage: progress.isCalling && !offline ? null : progress.usage,
});

export interface ClaimOptions {
  lease: string;
  /** Milliseconds until the lease ends if the worker does not renew it. */
  leaseMs: number;
  model: Model;
  /** How many runs to claim for each kind of work. */
  limits: Readonly<Record<NextWork, number>>;
  /** Whether the worker executes the run already: its lease was renewed too late. */
  isOwn: (runId: string) => boolean;
  /** Begins to watch a run that is claimed. */
  watch: (runId: string) => RunWatch;
}

/** A run that is executed once its claim is committed. */
export interface WatchedRun {
  record: RunRecord;
  watch: RunWatch;
}

/** Changes a run in progress, or one that is queued, to one that `lease` holds. */
export const claimRun = (
  transaction: RunTransaction,
  { lease, leaseMs, model }: Pick<ClaimOptions, 'lease' | 'leaseMs' | 'model'>,
): void => {
  const { record } = transaction;
  const now = Date.now();
  transaction.update({ lease, claimAfter: now + leaseMs, progress: callingProgress(record, model) });
  if (record.run.status === 'queued') transaction.transition('in_progress', { started_at: unixSeconds(now) });
};

/** Claims waiting runs, and expires those that are overdue. `mayWait`: whether others may wait. */
export const claimRuns = async (
  writes: WorkerWrites,
  { lease, leaseMs, model, limits, isOwn, watch }: ClaimOptions,
): Promise<{ claimed: WatchedRun[]; mayWait: boolean }> => {
  const now = Date.now();
  const claimed: WatchedRun[] = [];
  let mayWait = false;
  for (const work of ['tool_calls', 'model_call'] as const) {
    const waiting = limits[work] === 0 ? [] : await writes.runs.claimable(now, limits[work], work);
    mayWait ||= waiting.length === limits[work];
    for (const record of waiting) {
      if (isOwn(record.run.id)) continue;
      if (isOverdue(record, now)) {
        await expireIfOverdue(writes, record);
        continue;
      }
      const watched = watch(record.run.id);
      const transaction = runTransactionOf(record);
      claimRun(transaction, { lease, leaseMs, model });
      await transaction.save(writes);
      claimed.push({ record: transaction.record, watch: watched });
    }
  }
  return { claimed, mayWait };
};
