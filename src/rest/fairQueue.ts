import { MeanWait } from '../meanWait.ts';
import type { RestCall } from './call.ts';
import type { Cancellation } from './cancellation.ts';
import type { OperationDeadline } from './deadline.ts';
import { OverloadedError } from './errors/overloadedError.ts';
import { TimeoutError } from './errors/timeoutError.ts';

/** Gives a slot back. */
export type Release = () => void;

/** The calls of one client operation, in the order in which they were requested. */
export interface ClientQueue {
  /**
   * Acquires a slot: at once if one is free, otherwise when it is the call's turn. Every slot must be released. Throws
   * OverloadedError if the queue is full, and rejects with TimeoutError at the deadline.
   */
  acquire(call: RestCall, deadline?: OperationDeadline): Release | Promise<Release>;
}

const noSlot: Release = () => {};

type Start = (release: Release) => void;

interface Waiting {
  calls: Start[];
  /** Since when it has had calls that wait, by `performance.now()`. */
  since: number;
  /** Whether its waiting has been measured. */
  isMeasured: boolean;
  onEmpty(): void;
}

/**
 * Lets at most `maxConcurrent` calls run at a time, and at most `maxQueued` wait. Waiting client operations take turns, one
 * call each: an operation that needs one call passes one that needs hundreds. The calls of a cancelled operation no longer
 * wait: they fail unsent.
 */
export class FairQueue {
  readonly #maxQueued: number;
  #free: number;
  #queued = 0;
  readonly #meanWait = new MeanWait();
  /** In the order of their turns. */
  readonly #waiting = new Set<Waiting>();

  constructor(maxConcurrent: number, maxQueued = Number.POSITIVE_INFINITY) {
    this.#free = maxConcurrent;
    this.#maxQueued = maxQueued;
  }

  /** How many calls are waiting. */
  get depth(): number {
    return this.#queued;
  }

  /**
   * How long operations waited on average until all their calls had a slot, in milliseconds: those that no longer wait since the last
   * call, and those that did not have to.
   */
  takeMeanWait(): number {
    const [first] = this.#waiting;
    return this.#meanWait.take(first === undefined ? 0 : performance.now() - first.since);
  }

  /** The queue of one client operation; free of cost until a call has to wait. */
  clientQueue(cancellation: Cancellation): ClientQueue {
    const own: Waiting = {
      calls: [],
      since: 0,
      isMeasured: false,
      onEmpty: () => cancellation.removeListener(onCancel),
    };
    const onCancel = () => {
      this.#waiting.delete(own);
      this.#queued -= own.calls.length;
      for (const start of own.calls.splice(0)) start(noSlot);
    };
    const enter = (start: Start) => {
      this.#queued += 1;
      if (own.calls.push(start) > 1) return;
      own.since = performance.now();
      this.#waiting.add(own);
      cancellation.addListener(onCancel);
    };
    const leave = (start: Start) => {
      this.#queued -= 1;
      own.calls.splice(own.calls.indexOf(start), 1);
      if (own.calls.length > 0) return;
      this.#waiting.delete(own);
      own.onEmpty();
    };
    const turn = (call: RestCall, deadline: OperationDeadline | undefined) =>
      new Promise<Release>((resolve, reject) => {
        if (deadline === undefined) return enter(resolve);
        const start: Start = (release) => {
          clearTimeout(timer);
          resolve(release);
        };
        const onDeadline = () => {
          leave(start);
          reject(new TimeoutError(call, deadline.timeoutMs, 'operation'));
        };
        const timer = setTimeout(onDeadline, Math.max(0, deadline.remainingMs));
        enter(start);
      });
    return {
      acquire: (call, deadline) => {
        if (cancellation.isCancelled) return noSlot;
        if (this.#free === 0) {
          if (this.#queued >= this.#maxQueued) throw new OverloadedError(call, `${this.#queued} REST calls wait`);
          return turn(call, deadline);
        }
        this.#free -= 1;
        if (!own.isMeasured) this.#meanWait.add(0);
        own.isMeasured = true;
        return this.#release;
      },
    };
  }

  readonly #release = () => {
    const [next] = this.#waiting;
    const start = next?.calls.shift();
    if (next === undefined || start === undefined) {
      this.#free += 1;
      return;
    }
    this.#queued -= 1;
    this.#waiting.delete(next);
    if (next.calls.length > 0) {
      this.#waiting.add(next);
    } else {
      this.#meanWait.add(performance.now() - next.since);
      next.isMeasured = true;
      next.onEmpty();
    }
    start(this.#release);
  };
}
