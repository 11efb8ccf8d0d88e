/** How many operations may be in flight, and how long they may wait. */
export interface LoadLimits {
  /** The most operations that may be in flight at a time, subscriptions not included. */
  readonly maxConcurrentOperations: number;
  /** How long work may wait for the event loop on average, in milliseconds, before operations are refused; 0 for any time. */
  readonly overloadQueueMs: number;
}

/** The requests that wait to be started. */
export interface Waiting {
  /** How long the first of them has waited, in milliseconds; 0 if none waits. */
  readonly waitMs: number;
  /** How long ago none waited, in milliseconds. */
  readonly standingMs: number;
}

/** What was measured in SAMPLE_MS. */
export interface LoadSample {
  /** How long work waited on average for its turn, in milliseconds. */
  readonly queueMs: number;
  /** The most and the fewest operations in flight. */
  readonly most: number;
  readonly least: number;
}

/** How often load is measured, in milliseconds. */
export const SAMPLE_MS = 50;

/** A burst may wait for so long, in milliseconds: longer, and it is no burst. The interval of CoDel. */
const BURST_MS = 100;

/** The limit never falls below this. */
const MIN_CONCURRENT = 8;

/** How much of the excess of the queue time is taken off the limit, and what remains of it at least. */
const DECREASE = 0.8;
const LEAST_REMAINING = 0.5;

/** By how much the limit rises in a sample without any queue time. */
const INCREASE = 0.1;

/**
 * The rule by which operations are refused, without a clock. Its signal is the time that work waits in this process, as in WeChat's
 * DAGOR: latencies include the upstream's, and a slow upstream is no reason to refuse anything. It has two parts.
 *
 * Requests that have arrived wait to be started. A queue of theirs that has not been empty for BURST_MS is no burst, and nothing is
 * gained by its length: from then on no more may wait than can be started within `overloadQueueMs` (CoDel, RFC 8289, in the form
 * that Facebook uses for requests).
 *
 * The number of operations in flight is limited, since what was started asks for more time later, and nobody knows how much. The limit
 * falls by a part of the excess of the queue time, and not again before it has had its effect, and rises while there is less queue
 * time than allowed (as the window of Google's Swift does). What counts is the median of three samples: one that is late may be a
 * single stall, such as a garbage collection.
 */
export class AdaptiveLimit {
  readonly #limits: LoadLimits;
  #limit: number;
  /** The queue times of the last three samples. */
  #recent = [0, 0, 0];

  constructor(limits: LoadLimits) {
    this.#limits = limits;
    this.#limit = limits.maxConcurrentOperations;
  }

  /** Operations that may be in flight now. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether one more may be begun. */
  admits(inFlight: number, { waitMs, standingMs }: Waiting): boolean {
    if (inFlight >= this.#limit) return false;
    const { overloadQueueMs } = this.#limits;
    return overloadQueueMs === 0 || waitMs <= (standingMs > BURST_MS ? overloadQueueMs : BURST_MS);
  }

  /** To be called every SAMPLE_MS. */
  adapt({ queueMs, most, least }: LoadSample): void {
    const { maxConcurrentOperations, overloadQueueMs } = this.#limits;
    this.#recent = [...this.#recent.slice(1), queueMs];
    const standingMs = median(this.#recent);
    const excess = (standingMs - overloadQueueMs) / Math.max(standingMs, overloadQueueMs);
    if (excess <= 0) {
      this.#limit = Math.min(maxConcurrentOperations, this.#limit * (1 - INCREASE * excess));
    } else if (least <= this.#limit) {
      const limit = Math.min(this.#limit, most) * Math.max(LEAST_REMAINING, 1 - DECREASE * excess);
      this.#limit = Math.min(maxConcurrentOperations, Math.max(MIN_CONCURRENT, limit));
    }
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
