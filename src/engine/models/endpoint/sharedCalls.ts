import { setTimeout as sleep } from 'node:timers/promises';

/** What the calls of all replicas to an endpoint use in a minute. Neither function ever rejects. */
export interface SharedCalls {
  /**
   * Counts a call if it may start now: `waitMs` is then 0, and otherwise how many milliseconds to wait before this is asked
   * again. `slot` is where its tokens are counted; undefined if that cannot be known, and the limits of this process have to do.
   */
  readonly take: (tokens: number) => Promise<{ waitMs: number; slot: string | undefined }>;
  /** Adds to the tokens of a slot, or takes from them. */
  readonly add: (slot: string, tokens: number) => void;
}

/** Starts the calls of this process in order, each when all replicas together have room for it. */
export class SharedCallQueue {
  readonly #calls: SharedCalls;
  #last: Promise<unknown> = Promise.resolve();
  #fullUntil = 0;

  constructor(calls: SharedCalls) {
    this.#calls = calls;
  }

  /** Whether a call could not start now. */
  get isFull(): boolean {
    return performance.now() < this.#fullUntil;
  }

  /**
   * Resolves when the call may start, with what its real tokens are reported to. `tokens` is an estimate. Rejects with the reason
   * of an aborted `signal`.
   */
  async start(tokens: number, signal: AbortSignal): Promise<(actual: number) => void> {
    signal.throwIfAborted();
    const taken = this.#last.then(() => this.#take(tokens, signal));
    this.#last = taken.catch(() => {});
    const slot = await orAborted(taken, signal);
    return (actual) => {
      if (slot !== undefined && actual !== tokens) this.#calls.add(slot, actual - tokens);
    };
  }

  async #take(tokens: number, signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const { waitMs, slot } = await this.#calls.take(tokens);
      if (waitMs === 0) return slot;
      this.#fullUntil = performance.now() + waitMs;
      await sleep(waitMs, undefined, { signal });
    }
  }
}

/** Rejects with the reason of the signal as soon as that is aborted. */
const orAborted = <Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
