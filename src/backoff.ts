/** How long to wait before retries, in milliseconds. */
export interface Backoff {
  /** Before the first retry, at most. Before each further one at most twice as long. */
  readonly firstMs: number;
  /** Before any retry, at most. */
  readonly maxMs: number;
  /** The share of the delay that is random, from 0 to 1. By default all of it. */
  readonly jitter?: number;
}

/**
 * The delay before a retry, which counts from 1: exponential, with jitter, so that clients that failed together do not retry
 * together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export const backoffMs = (retry: number, { firstMs, maxMs, jitter = 1 }: Backoff): number =>
  Math.min(maxMs, firstMs * 2 ** (retry - 1)) * (1 - jitter * Math.random());
