import { randomUUID } from 'node:crypto';
import { unixSeconds } from '../clock.ts';
import type { Model } from '../models/model.ts';
import type { RunProgress } from '../store/runProgress.ts';
import type { RunRecord, WorkerWrites } from '../store/store.ts';
import { executeTurn } from './execution.ts';
import { expireIfOverdue, expireOverdue, isOverdue } from './expiry.ts';
import { runTransactionOf } from './runTransaction.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Milliseconds until the lease of a claimed run ends if the worker does not renew it. */
const leaseMs = 30_000;
/** Maximum number of runs that one worker executes at once. Each mostly waits for a model. */
const maxRuns = 64;

/**
 * The progress of a run that is claimed: its model call is about to begin, or the tool calls that the server runs. If a model call
 * of another worker was not ended, what it used remains unknown, unless the model is one that repeats the call.
 */
const callingProgress = ({ progress }: RunRecord, { offline }: Model): RunProgress => ({
  ...progress,
  isCalling: !progress.hasServerCalls,
  usage: progress.isCalling && !offline ? null : progress.usage,
});

/** Executes the runs of a store. */
export interface Worker {
  /** Stops the worker. Its runs stay in progress for the next one. */
  close(): Promise<void>;
}

/** Starts a worker that claims and executes waiting runs, and expires overdue ones every `sweepIntervalMs`. */
export const startWorker = (dependencies: WorkerDependencies, sweepIntervalMs: number): Worker => {
  const { store, model, log, runObserver } = dependencies;
  const lease = randomUUID();
  const turns = new Map<string, { stop: AbortController; done: Promise<void> }>();
  /** Claimed runs whose model call has not begun. */
  const preparing = new Set<string>();
  const closing = new AbortController();

  /** How many runs can be claimed. Those that the model has no call for stay queued. */
  const freeSlots = () => Math.max(0, Math.min(maxRuns - turns.size, model.freeCalls() - preparing.size));

  const claim = async (writes: WorkerWrites): Promise<RunRecord[]> => {
    const now = Date.now();
    const claimed: RunRecord[] = [];
    for (const record of await writes.runs.claimable(now, freeSlots())) {
      if (turns.has(record.run.id)) continue; // This worker's own run, whose lease was renewed too late.
      if (isOverdue(record, now)) {
        await expireIfOverdue(writes, record);
        continue;
      }
      const transaction = runTransactionOf(record);
      transaction.update({ lease, claimAfter: now + leaseMs, progress: callingProgress(record, model) });
      if (record.run.status === 'queued') transaction.transition('in_progress', { started_at: unixSeconds(now) });
      await transaction.save(writes);
      claimed.push(transaction.record);
    }
    return claimed;
  };

  const execute = async (record: RunRecord, stop: AbortController) => {
    const { id } = record.run;
    const observed = runObserver?.claimed(record.run);
    const checkOwnership = async () => {
      const latest = await store.runs.find(id);
      if (latest?.lease !== lease || latest?.run.status !== 'in_progress') stop.abort();
    };
    const unsubscribe = store.onRunChange(id, (change) => {
      if (change?.lease === lease && change.status === 'in_progress') return; // Most changes are this worker's own.
      checkOwnership().catch((error: unknown) => {
        if (!closing.signal.aborted) log(`run ${id} could not be read: ${String(error)}`);
      });
    });
    try {
      await executeTurn(dependencies, record, stop.signal, () => preparing.delete(id));
    } catch (error) {
      log(`run ${id} was abandoned: ${String(error)}`);
    } finally {
      unsubscribe();
      if (observed !== undefined) observed((await store.runs.find(id).catch(() => undefined))?.run.status);
      turns.delete(id);
      preparing.delete(id);
      claimWaiting();
    }
  };

  /** Logs what goes wrong with the store: an error that lasts is logged once. */
  let latestFailure: string | undefined;
  const logFailure = (line: string) => {
    if (line !== latestFailure) log(line);
    latestFailure = line;
  };

  let isClaiming = false;
  let claimAgain = false;
  let claimed = Promise.resolve();
  const claimAll = async (): Promise<void> => {
    isClaiming = true;
    try {
      while (claimAgain && freeSlots() > 0 && !closing.signal.aborted) {
        claimAgain = false;
        for (const record of await store.write(claim)) {
          const stop = new AbortController();
          preparing.add(record.run.id);
          turns.set(record.run.id, { stop, done: execute(record, stop) });
        }
      }
      latestFailure = undefined;
    } catch (error) {
      logFailure(`runs could not be claimed: ${String(error)}`);
    } finally {
      isClaiming = false;
    }
  };
  /** Claims waiting runs; if a claim is in progress, claims again after it. */
  const claimWaiting = () => {
    claimAgain = true;
    if (!isClaiming) claimed = claimAll();
  };

  let sweeping: Promise<void> | undefined;
  let renewedAt = Date.now();
  const sweep = async () => {
    try {
      const problem = store.problem();
      if (problem !== undefined) return logFailure(problem);
      await expireOverdue(store);
      if (turns.size > 0 && Date.now() - renewedAt > leaseMs / 3) {
        renewedAt = Date.now();
        await store.write((writes) => writes.runs.renew(lease, renewedAt + leaseMs));
      }
      claimWaiting();
    } catch (error) {
      logFailure(`the sweep for expired runs failed: ${String(error)}`);
    } finally {
      sweeping = undefined;
    }
  };

  const unsubscribe = store.onRunWaiting(claimWaiting);
  const timer = setInterval(() => {
    sweeping ??= sweep();
  }, sweepIntervalMs);
  timer.unref();
  claimWaiting();

  return {
    close: async () => {
      clearInterval(timer);
      unsubscribe();
      closing.abort();
      await sweeping;
      await claimed;
      for (const { stop } of turns.values()) stop.abort();
      await Promise.all([...turns.values()].map(({ done }) => done));
    },
  };
};
