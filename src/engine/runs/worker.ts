import { randomUUID } from 'node:crypto';
import type { NextWork, RunRecord } from '../store/access/runs.ts';
import type { WorkerWrites } from '../store/store.ts';
import { AbandonedRuns } from './abandonedRuns.ts';
import { claimRuns, nextWorkOf } from './claim.ts';
import { executeTurn } from './execution.ts';
import { expireOverdue } from './expiry.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Maximum number of runs that one worker executes at once: those that wait for a model, and those that wait for tools. */
const maxRuns: Readonly<Record<NextWork, number>> = { model_call: 64, tool_calls: 64 };

/** Executes the runs of a store. */
export interface Worker {
  /** Stops the worker, and gives up the leases of its runs, so that another worker continues them at once. */
  close(): Promise<void>;
}

/** Starts a worker that claims and executes waiting runs, and expires overdue ones every `sweepIntervalMs`. */
export const startWorker = (dependencies: WorkerDependencies, sweepIntervalMs: number): Worker => {
  const { store, model, log, runObserver, leaseMs } = dependencies;
  const lease = randomUUID();
  const turns = new Map<string, { work: NextWork; stop: AbortController; done: Promise<void> }>();
  /** Claimed runs whose model call has not begun. */
  const preparing = new Set<string>();
  const abandoned = new AbandonedRuns(store, lease);
  const closing = new AbortController();

  /** How many runs can be claimed. Those that the model has no call for stay queued; those with tool calls need none. */
  const freeSlots = (work: NextWork) => {
    const running = [...turns.values()].filter((turn) => turn.work === work).length;
    const free = maxRuns[work] - running;
    return Math.max(0, work === 'tool_calls' ? free : Math.min(free, model.freeCalls() - preparing.size));
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
      log(`run ${id} was abandoned, and is going to be claimed again: ${String(error)}`);
      abandoned.add(id);
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

  const claim = (writes: WorkerWrites) => {
    const limits = { model_call: freeSlots('model_call'), tool_calls: freeSlots('tool_calls') };
    return claimRuns(writes, { lease, leaseMs, model, limits, isOwn: (runId) => turns.has(runId) });
  };

  let isClaiming = false;
  let claimAgain = false;
  let claimed = Promise.resolve();
  const claimAll = async (): Promise<void> => {
    isClaiming = true;
    try {
      while (claimAgain && !closing.signal.aborted) {
        claimAgain = false;
        if (freeSlots('model_call') + freeSlots('tool_calls') === 0) break;
        for (const record of await store.write(claim)) {
          abandoned.remove(record.run.id);
          const stop = new AbortController();
          const work = nextWorkOf(record);
          if (work === 'model_call') preparing.add(record.run.id);
          turns.set(record.run.id, { work, stop, done: execute(record, stop) });
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
      await abandoned.release();
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
      const holdsRuns = turns.size > 0 || abandoned.isAny();
      for (const { stop } of turns.values()) stop.abort();
      await Promise.all([...turns.values()].map(({ done }) => done));
      if (!holdsRuns) return;
      await store
        .write((writes) => writes.runs.release(lease, Date.now()))
        .catch((error: unknown) =>
          log(`runs are going to be continued once their leases have ended: ${String(error)}`),
        );
    },
  };
};
