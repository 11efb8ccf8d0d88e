import { performance } from 'node:perf_hooks';
import { GraphQLError } from 'graphql';
import { RequestError } from '../access/requestError.ts';
import type { ErrorCode } from '../context/errors.ts';

export interface LoadLimits {
  /** How many operations may be executed at a time, subscriptions not included. */
  readonly maxConcurrentOperations: number;
  /** The median latency, in milliseconds, from which a busy server refuses operations; 0 if it never does. */
  readonly overloadLatencyMs: number;
}

/** How often load is measured, in milliseconds. */
const SAMPLE_MS = 100;

/** The event loop has no time left if it is busy for more than this part of it. */
const BUSY = 0.95;

/** Latencies up to this multiple of those of a server that is not busy are no overload. */
const TOLERANCE = 1.5;

/** How much one sample changes the latency that a server has while it is not busy. */
const SMOOTHING = 0.1;

/** The limit never falls below this, and it changes by these factors. */
const MIN_CONCURRENT = 8;
const DECREASE = 0.8;
const INCREASE = 1.1;

/** In seconds. */
const RETRY_AFTER = 1;

/**
 * Refuses operations while there is no capacity for them, so that those which are accepted stay fast and memory stays bounded. If
 * the event loop has no time left and operations take long, more of them would only make all others wait: the number that may be
 * executed at a time then falls, and it rises again afterwards, as the window of TCP does.
 */
export class LoadLimit {
  readonly #limits: LoadLimits;
  #limit: number;
  #executing = 0;
  #latencies: number[] = [];
  #idleLatency = 0;
  #measured = performance.eventLoopUtilization();

  constructor(limits: LoadLimits) {
    this.#limits = limits;
    this.#limit = limits.maxConcurrentOperations;
    if (limits.overloadLatencyMs > 0) setInterval(() => this.#adapt(), SAMPLE_MS).unref();
  }

  get executing(): number {
    return this.#executing;
  }

  /** Throws RequestError with status 503 and the code OVERLOADED if an operation must not be started now. */
  check(): void {
    if (this.#executing < this.#limit) return;
    const extensions = { code: 'OVERLOADED' satisfies ErrorCode, retryAfter: RETRY_AFTER };
    throw new RequestError(503, [new GraphQLError('The server has no capacity left. Retry later.', { extensions })], {
      headers: { 'retry-after': String(RETRY_AFTER) },
    });
  }

  /** Counts an execution that begins now. `end` must be called once it has ended, with what this returns. */
  begin(): number {
    this.#executing += 1;
    return performance.now();
  }

  end(began: number): void {
    this.#executing -= 1;
    if (this.#limits.overloadLatencyMs > 0) this.#latencies.push(performance.now() - began);
  }

  #adapt(): void {
    const now = performance.eventLoopUtilization();
    const isBusy = performance.eventLoopUtilization(now, this.#measured).utilization > BUSY;
    this.#measured = now;
    const latency = median(this.#latencies);
    this.#latencies = [];
    if (!isBusy && latency !== undefined) this.#idleLatency += (latency - this.#idleLatency) * SMOOTHING;
    const { maxConcurrentOperations, overloadLatencyMs } = this.#limits;
    const isLate = (latency ?? Number.POSITIVE_INFINITY) > Math.max(overloadLatencyMs, this.#idleLatency * TOLERANCE);
    if (isBusy && isLate) {
      this.#limit = Math.max(MIN_CONCURRENT, Math.min(this.#limit, this.#executing) * DECREASE);
    } else if (this.#limit < maxConcurrentOperations) {
      this.#limit = Math.min(maxConcurrentOperations, this.#limit * INCREASE + 1);
    }
  }
}

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
