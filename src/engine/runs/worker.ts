import { randomUUID } from 'node:crypto';
import { unixSeconds } from '../clock.ts';
import type { RunRecord, StoreWrites } from '../store/store.ts';
import type { Workplace } from './claimedRun.ts';
import { takeTurn } from './execution.ts';
import { expireIfOverdue, expireOverdue, isOverdue } from './expiry.ts';
import { openLedger } from './ledger.ts';

/** Milliseconds for which a claimed run is a worker's, unless it renews the lease. */
const leaseMs = 30_000;
/** Runs that one worker has in hand at once: each is a call to a model that is waited for. */
const mostRuns = 64;

/** Works on the runs of a store. */
export interface Worker {
  /** Stops; what was in hand stays in progress for the next worker. */
  close(): Promise<void>;
}

/** Takes runs that wait, answers them by the model, and sees to it every `sweepIntervalMs` that none outlives its time. */
export const startWorker = (place: Workplace, sweepIntervalMs: number): Worker => {
  const { store, log } = place;
  const lease = randomUUID();
  const turns = new Map<string, { stop: AbortController; done: Promise<void> }>();
  const closing = new AbortController();

  const claim = async (writes: StoreWrites): Promise<RunRecord[]> => {
    const now = Date.now();
    const claimed: RunRecord[] = [];
    for (const record of await writes.runs.claimable(now, mostRuns - turns.size)) {
      if (turns.has(record.run.id)) continue; // Ours already, with a lease renewed too late.
      if (isOverdue(record, now)) {
        await expireIfOverdue(writes, record);
        continue;
      }
      const ledger = openLedger(record);
      ledger.keep({ lease, claimAfter: now + leaseMs });
      if (record.run.status === 'queued') ledger.run('in_progress', { started_at: unixSeconds(now) });
      await ledger.save(writes);
      claimed.push(ledger.record);
    }
    return claimed;
  };

  const workOn = async (record: RunRecord, stop: AbortController) => {
    const { id } = record.run;
    const checkOwnership = async () => {
      const latest = await store.runs.find(id);
      if (latest?.lease !== lease || latest?.run.status !== 'in_progress') stop.abort();
    };
    const unwatch = store.onRunChange(id, () => {
      checkOwnership().catch((error: unknown) => {
        if (!closing.signal.aborted) log(`run ${id} could not be read: ${String(error)}`);
      });
    });
    try {
      await takeTurn(place, record, stop.signal);
    } catch (error) {
      log(`run ${id} was left: ${String(error)}`);
    } finally {
      unwatch();
      turns.delete(id);
      claimWaiting();
    }
  };

  let isClaiming = false;
  let claimAgain = false;
  let claimed = Promise.resolve();
  const claimOn = async (): Promise<void> => {
    isClaiming = true;
    try {
      while (claimAgain && turns.size < mostRuns && !closing.signal.aborted) {
        claimAgain = false;
        for (const record of await store.write(claim)) {
          const stop = new AbortController();
          turns.set(record.run.id, { stop, done: workOn(record, stop) });
        }
      }
    } catch (error) {
      log(`runs could not be claimed: ${String(error)}`);
    } finally {
      isClaiming = false;
    }
  };
  /** Claims what waits; where that is under way already, once more when it is through. */
  const claimWaiting = () => {
    claimAgain = true;
    if (!isClaiming) claimed = claimOn();
  };

  let sweeping: Promise<void> | undefined;
  let renewedAt = Date.now();
  const sweep = async () => {
    try {
      await expireOverdue(store);
      if (turns.size > 0 && Date.now() - renewedAt > leaseMs / 3) {
        renewedAt = Date.now();
        await store.write((writes) => writes.runs.renew(lease, renewedAt + leaseMs));
      }
      claimWaiting();
    } catch (error) {
      log(`the sweep for expired runs failed: ${String(error)}`);
    } finally {
      sweeping = undefined;
    }
  };

  const unwatch = store.onRunWaiting(claimWaiting);
  const timer = setInterval(() => {
    sweeping ??= sweep();
  }, sweepIntervalMs);
  timer.unref();
  claimWaiting();

  return {
    close: async () => {
      clearInterval(timer);
      unwatch();
      closing.abort();
      await sweeping;
      await claimed;
      for (const { stop } of turns.values()) stop.abort();
      await Promise.all([...turns.values()].map(({ done }) => done));
    },
  };
};
