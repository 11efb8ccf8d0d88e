import { randomUUID } from 'node:crypto';
import { isTerminalStatus, type RestRunStatus } from '../../wire/runStatus.ts';
import type { NextWork, RunRecord } from '../store/access/runs.ts';
import type { WorkerWrites } from '../store/store.ts';
import { AbandonedRuns } from './abandonedRuns.ts';
import { claimRun, claimRuns, nextWorkOf } from './claim.ts';
import { executeTurn } from './execution.ts';
import { expireOverdue } from './expiry.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Maximum number of runs that one worker executes at once: those that wait for a model, and those that wait for tools. */
const maxRuns: Readonly<Record<NextWork, number>> = { model_call: 64, tool_calls: 64 };

/** The right to execute a run that is being created, without a claim of its own. One of the two functions has to be called. */
export interface Reservation {
  /** Changes the new run to one that this worker holds, within the transaction that creates it. */
  claim(transaction: RunTransaction): void;
  /** Executes the run, once it is committed. */
  execute(record: RunRecord): void;
  /** Gives up the reservation. */
  release(): void;
}

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
  const turns = new Map<string, { work: NextWork; stop: AbortController; done: Promise<void> }>();
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

  const execute = async (record: RunRecord, stop: AbortController) => {
    const { id } = record.run;
    const observed = runObserver?.claimed(record.run);
    const checkOwnership = async () => {
      const latest = await store.runs.find(id);
      if (latest?.lease !== lease || latest?.run.status !== 'in_progress') stop.abort();
    };
    let latestStatus: RestRunStatus | undefined = record.run.status;
    const unsubscribe = store.onRunChange(id, (change) => {
      latestStatus = change?.status ?? latestStatus;
      if (change?.lease === lease && change.status === 'in_progress') return; // Most changes are this worker's own.
      if (change !== undefined && (change.status === 'cancelling' || isTerminalStatus(change.status)))
        return stop.abort();
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
      observed?.(latestStatus);
      turns.delete(id);
      preparing.delete(id);
      if (mayWait) claimWaiting();
    }
  };

  const begin = (record: RunRecord) => {
    abandoned.remove(record.run.id);
    const stop = new AbortController();
    const work = nextWorkOf(record);
    if (work === 'model_call') preparing.add(record.run.id);
    turns.set(record.run.id, { work, stop, done: execute(record, stop) });
  };

  /** Logs what goes wrong with the store: an error that lasts is logged once. */
  let latestFailure: string | undefined;
  const logFailure = (line: string) => {
    // A store that has a problem fails in several ways.
    const reported = store.problem() ?? line;
    if (reported !== latestFailure) log(reported);
    latestFailure = reported;
  };

  const claim = (writes: WorkerWrites) => {
    const limits = { model_call: freeSlots('model_call'), tool_calls: freeSlots('tool_calls') };
    return claimRuns(writes, { lease, leaseMs, model, limits, isOwn: (runId) => turns.has(runId) });
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
        const claims = await store.write(claim);
        if (!claimAgain) ({ mayWait } = claims);
        for (const record of claims.claimed) begin(record);
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
      let release = () => {
        reserved -= 1;
        release = () => {};
      };
      return {
        claim: (transaction) => claimRun(transaction, { lease, leaseMs, model }),
        execute: (record) => {
          release();
          if (!closing.signal.aborted) begin(record);
        },
        release: () => release(),
      };
    },
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
