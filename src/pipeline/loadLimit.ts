import { GraphQLError } from 'graphql';
import { RequestError } from '../access/requestError.ts';
import type { ErrorCode } from '../context/errors.ts';

export interface LoadLimits {
  /** How many operations may be executed at a time, subscriptions not included. */
  readonly maxConcurrentOperations: number;
  /** How late the event loop may be, in milliseconds, before operations are refused. */
  readonly maxEventLoopDelayMs: number;
}

/** How often the event loop is measured, in milliseconds. */
const SAMPLE_MS = 10;

/** In seconds. */
const RETRY_AFTER = 1;

/**
 * Refuses operations while there is no capacity for them, so that those which are accepted stay fast and memory stays bounded:
 * when too many are being executed, or when the event loop has been late twice in a row, which one collection of garbage is not.
 */
export class LoadLimit {
  readonly #limits: LoadLimits;
  #executing = 0;
  #lateness = 0;

  constructor(limits: LoadLimits) {
    this.#limits = limits;
    let expected = performance.now() + SAMPLE_MS;
    let previous = 0;
    const sample = () => {
      const now = performance.now();
      const late = now - expected;
      expected = now + SAMPLE_MS;
      this.#lateness = Math.min(previous, late);
      previous = late;
    };
    setInterval(sample, SAMPLE_MS).unref();
  }

  get executing(): number {
    return this.#executing;
  }

  /** Throws RequestError with status 503 and the code OVERLOADED if an operation must not be started now. */
  check(): void {
    const { maxConcurrentOperations, maxEventLoopDelayMs } = this.#limits;
    if (this.#executing < maxConcurrentOperations && this.#lateness <= maxEventLoopDelayMs) return;
    const extensions = { code: 'OVERLOADED' satisfies ErrorCode, retryAfter: RETRY_AFTER };
    throw new RequestError(503, [new GraphQLError('The server has no capacity left. Retry later.', { extensions })], {
      headers: { 'retry-after': String(RETRY_AFTER) },
    });
  }

  /** Counts an execution until it has ended. Rejects as it does. */
  async counted<Result>(execute: () => Promise<Result>): Promise<Result> {
    this.#executing += 1;
    try {
      return await execute();
    } finally {
      this.#executing -= 1;
    }
  }
}
