import type { RestRun } from '../../../wire/run.ts';
import type { RunProgress } from '../runProgress.ts';
import type { PageRequest, StoredPage } from './page.ts';

/** A run and its internal state. Times outside of `run` are in milliseconds. */
export interface RunRecord {
  run: RestRun;
  /** When an active run expires. */
  expiresAt: number;
  /** From when a worker may claim the run: while it is leased, the end of the lease. Null if the run needs no worker. */
  claimAfter: number | null;
  /** The lease of the worker that holds the run. */
  lease: string | null;
  /** Number of the run's latest event; events count from 1. */
  lastEvent: number;
  progress: RunProgress;
}

/** What a run that waits for a worker needs next. */
export type NextWork = 'model_call' | 'tool_calls';

export interface RunReads {
  get(threadId: string, runId: string): Promise<RunRecord | undefined>;
  find(runId: string): Promise<RunRecord | undefined>;
  list(threadId: string, page: PageRequest): Promise<StoredPage<RunRecord>>;
  /** Ids and times of creation (Unix seconds) of the newest runs of a thread, newest first. */
  newestIn(threadId: string, limit: number): Promise<{ id: string; createdAt: number }[]>;
  /** The active run of the thread. */
  activeIn(threadId: string): Promise<RunRecord | undefined>;
}

export interface RunWrites extends RunReads {
  /** Locks the thread of the run, with all that is in it, until the transaction ends. Returns the run as it is by then. */
  lock(runId: string): Promise<RunRecord | undefined>;
  /** The thread has to be locked. */
  insert(record: RunRecord): Promise<void>;
  /** The thread has to be locked. */
  update(record: RunRecord): Promise<void>;
  /** Updates a run that has just ended: the time for which its events are stored begins. */
  end(record: RunRecord): Promise<void>;
  /**
   * Reserves numbers for `count` new events of a run, if `lease` holds it and it is in progress. Returns the number of the
   * last one; undefined if the lease was lost.
   */
  advance(runId: string, lease: string, count: number): Promise<number | undefined>;
}

export interface RunWorkerReads extends RunReads {
  /** Whether there are events to prune of runs that ended at `endedUntil` or earlier, in milliseconds. */
  hasPrunable(endedUntil: number): Promise<boolean>;
  /** Whether any active run was overdue at `now`. */
  isAnyOverdue(now: number): Promise<boolean>;
  /** How many active runs there are of each status. */
  countActive(): Promise<Record<string, number>>;
}

export interface RunWorkerWrites extends RunWrites, RunWorkerReads {
  /**
   * Runs that a worker may claim at `now` for a model call, or for tool calls that the server runs, longest waiting first.
   * Their threads are locked until the transaction ends, as by `lock`; runs of threads that are locked already are left out.
   */
  claimable(now: number, limit: number, next: NextWork): Promise<RunRecord[]>;
  /** Active runs that were overdue at `now`, oldest first. Their threads are locked as those of `claimable` are. */
  overdue(now: number, limit: number): Promise<RunRecord[]>;
  /** Gives up `lease` on all its runs, which can be claimed from `now`. */
  release(lease: string, now: number): Promise<void>;
  /** Extends `lease` on all its runs. */
  renew(lease: string, until: number): Promise<void>;
}
