import { type Cancellation, ManualCancellation } from './cancellation.ts';
import type { RestCall } from './call.ts';
import { AbortedError } from './errors/abortedError.ts';
import { TimeoutError } from './errors/timeoutError.ts';

/** The time by which all REST calls of one operation must have ended: retries, backoff and waiting in the queue included. */
export class OperationDeadline {
  /** How long the calls may take together, in milliseconds. */
  readonly timeoutMs: number;
  #at: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.#at = performance.now() + timeoutMs;
  }

  /** Milliseconds that are left; 0 or less once it has passed. */
  get remainingMs(): number {
    return this.#at - performance.now();
  }

  /** Starts the time again, for the next event of a subscription. */
  restart(): void {
    this.#at = performance.now() + this.timeoutMs;
  }

  /** Adds time that the client asked to wait, in milliseconds. */
  extend(byMs: number): void {
    this.#at += byMs;
  }
}

/**
 * A call that has less time left is not sent. Node's timers may be a few milliseconds early, so that one call of an operation ends
 * while the next one, which takes its place in the queue, still seems to have time.
 */
const LEAST_MS = 5;

/**
 * Settles when `work` does, at the timeout, at the deadline of the operation, or when the caller cancels, whichever comes
 * first, even if `work` then never settles: with cross-fetch 4.1, reading a body does not always notice a signal. `work` gets
 * a cancellation of its own that covers all of these. Rejects with TimeoutError or AbortedError, or as `work` does or throws.
 */
export const withinDeadline = <T>(
  call: RestCall,
  timeoutMs: number,
  cancellation: Cancellation,
  work: (cancellation: Cancellation) => Promise<T>,
  deadline?: OperationDeadline,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (cancellation.isCancelled) {
      reject(new AbortedError(call));
      return;
    }
    const remainingMs = deadline?.remainingMs ?? Number.POSITIVE_INFINITY;
    const timedOut = () =>
      deadline !== undefined && remainingMs < timeoutMs
        ? new TimeoutError(call, deadline.timeoutMs, 'operation')
        : new TimeoutError(call, timeoutMs);
    if (remainingMs < LEAST_MS) {
      reject(timedOut());
      return;
    }
    const own = new ManualCancellation();
    const settle = () => {
      clearTimeout(timer);
      cancellation.removeListener(onCancel);
    };
    const succeed = (result: T) => {
      settle();
      resolve(result);
    };
    const fail = (error: unknown) => {
      settle();
      reject(error); // before cancelling, upon which `work` may reject with a less precise error
      own.cancel(); // the rest of a response is not awaited
    };
    const onCancel = () => fail(new AbortedError(call));
    const timer = setTimeout(() => fail(timedOut()), Math.min(timeoutMs, remainingMs));
    cancellation.addListener(onCancel);

    try {
      work(own).then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
