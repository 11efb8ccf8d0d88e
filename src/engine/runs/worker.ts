import { randomUUID } from 'node:crypto';
import type { NextWork } from '../store/access/runs.ts';
import { AbandonedRuns } from './abandonedRuns.ts';
import { type ClaimOptions, claimRun, claimRuns, nextWorkOf, type WatchedRun } from './claim.ts';
import { executeTurn } from './execution.ts';
import { expireOverdue } from './expiry.ts';
import { createReservation, type Reservation } from './reservation.ts';
import { type RunWatch, watchRun } from './runWatch.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Maximum number of runs that one worker executes at once: those that wait for a model, and those that wait for tools. */
const maxRuns: Readonly<Record<NextWork, number>> = { model_call: 64, tool_calls: 64 };

/** Executes the runs of a store. */
export interface Worker {
  /** Undefined if no model call is free, or if other runs wait for one: then a new run waits behind them. */
  reserve(): Reservation | undefined;
  /** Stops the worker, and gives up the leases of its runs, so that another worker continues them at once. */
  close(): Promise<void>;
}

/** Starts a worker that claims and executes waiting runs, and expires overdue ones every `sweepIntervalMs`. */
export const startWorker = (dependencies: WorkerDependencies, sweepIntervalMs: number): Worker => {
  const { store, model, log, runObserver, leaseMs } = dependencies;
  const lease = randomUUID();
  const turns = new Map<string, { work: NextWork; watch: RunWatch; done: Promise<void> }>();
  /** Runs that are being created for this worker. */
  let reserved = 0;
  /** Claimed runs whose model call has not begun. */
  const preparing = new Set<string>();
  const abandoned = new AbandonedRuns(store, lease);
  const closing = new AbortController();

  /** How many runs can be claimed. Those that the model has no call for stay queued; those with tool calls need none. */
  const freeSlots = (work: NextWork) => {
    const running = [...turns.values()].filter((turn) => turn.work === work).length;
    const free = maxRuns[work] - running;
    if (work === 'tool_calls') return Math.max(0, free);
    return Math.max(0, Math.min(free, model.freeCalls() - preparing.size) - reserved);
  };

  const execute = async ({ record, watch }: WatchedRun) => {
    const { id } = record.run;
    const observed = runObserver?.claimed(record.run);
    try {
      await executeTurn(dependencies, record, watch.signal, () => preparing.delete(id));
    } catch (error) {
      log(`run ${id} was abandoned, and is going to be claimed again: ${String(error)}`);
      abandoned.add(id);
    } finally {
      watch.close();
      observed?.(watch.latestStatus());
      turns.delete(id);
      preparing.delete(id);
      if (mayWait) claimWaiting();
    }
  };

  const begin = (watched: WatchedRun) => {
    const { record, watch } = watched;
    watch.claimed();
    abandoned.remove(record.run.id);
    const work = nextWorkOf(record);
    if (work === 'model_call') preparing.add(record.run.id);
    turns.set(record.run.id, { work, watch, done: execute(watched) });
  };

  /** Logs what goes wrong with the store: an error that lasts is logged once. */
  let latestFailure: string | undefined;
  const logFailure = (line: string) => {
    // A store that has a problem fails in several ways.
    const reported = store.problem() ?? line;
    if (reported !== latestFailure) log(reported);
    latestFailure = reported;
  };

  const watchOwn = (runId: string) => watchRun(dependencies, runId, lease);

  /** Claims waiting runs and begins them. Returns whether others may wait. */
  const claim = async () => {
    const limits = { model_call: freeSlots('model_call'), tool_calls: freeSlots('tool_calls') };
    const watches: RunWatch[] = [];
    const options: ClaimOptions = {
      lease,
      leaseMs,
      model,
      limits,
      isOwn: (runId) => turns.has(runId),
      watch: (runId) => {
        const watched = watchOwn(runId);
        watches.push(watched);
        return watched;
      },
    };
    try {
      const { claimed, mayWait } = await store.write((writes) => claimRuns(writes, options));
      for (const run of claimed) begin(run);
      return mayWait;
    } catch (error) {
      for (const watched of watches) watched.close();
      throw error;
    }
  };

  /** Whether runs may wait that this worker could not claim yet. */
  let mayWait = true;
  let isClaiming = false;
  let claimAgain = false;
  let claimed = Promise.resolve();
  const claimAll = async (): Promise<void> => {
    isClaiming = true;
    try {
      while (claimAgain && !closing.signal.aborted) {
        claimAgain = false;
        if (freeSlots('model_call') + freeSlots('tool_calls') === 0) break;
        const othersMayWait = await claim();
        if (!claimAgain) mayWait = othersMayWait;
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
    mayWait = true;
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
    reserve: () => {
      if (mayWait || closing.signal.aborted || freeSlots('model_call') === 0) return undefined;
      reserved += 1;
      return createReservation({
        claim: (transaction) => {
          const watched = watchOwn(transaction.record.run.id);
          claimRun(transaction, { lease, leaseMs, model });
          return watched;
        },
        release: () => {
          reserved -= 1;
        },
        begin: (run) => {
          if (closing.signal.aborted) run.watch.close();
          else begin(run);
        },
      });
    },
    close: async () => {
      clearInterval(timer);
      unsubscribe();
      closing.abort();
      await sweeping;
      await claimed;
      const holdsRuns = turns.size > 0 || abandoned.isAny();
      for (const { watch } of turns.values()) watch.abort();
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
