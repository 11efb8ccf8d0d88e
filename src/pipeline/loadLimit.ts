import { monitorEventLoopDelay } from 'node:perf_hooks';
import { GraphQLError } from 'graphql';
import { RequestError } from '../access/requestError.ts';
import type { ErrorCode } from '../context/errors.ts';
import { takeMeanTaskWait } from '../turns.ts';
import { AdaptiveLimit, type LoadLimits, SAMPLE_MS, type Waiting } from './adaptiveLimit.ts';

/** Work that waits for its turn. */
export interface WorkQueue {
  /** How long what got its turn since the last call waited for it on average, in milliseconds. */
  takeMeanWait(): number;
}

export interface WorkQueues {
  /** Requests that have arrived. */
  readonly requests?: (WorkQueue & Waiting) | undefined;
  /** What operations that have been started wait for, such as connections to the upstream. */
  readonly others?: readonly WorkQueue[];
}

/** A place among the operations in flight. */
export interface Place {
  readonly isHeld: boolean;
  /** Has no effect the second time. */
  leave(): void;
}

class HeldPlace implements Place {
  isHeld = true;
  readonly #left: () => void;

  constructor(left: () => void) {
    this.#left = left;
  }

  leave(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#left();
  }
}

/** How exactly the delay of the event loop is measured, in milliseconds. */
const RESOLUTION_MS = 10;

/** In seconds. */
const RETRY_AFTER = 1;

const overloaded = new RequestError(
  503,
  [
    new GraphQLError('The server has no capacity left. Retry later.', {
      extensions: { code: 'OVERLOADED' satisfies ErrorCode, retryAfter: RETRY_AFTER },
    }),
  ],
  { headers: { 'retry-after': String(RETRY_AFTER) } },
);

const NONE: Waiting = { waitMs: 0, standingMs: 0 };

/**
 * Refuses operations while there is no capacity for them, so that those which are accepted stay fast and memory stays bounded. They
 * count from their arrival to the end of their execution. See AdaptiveLimit for the rule.
 */
export class LoadLimit {
  readonly #limit: AdaptiveLimit;
  readonly #queues: WorkQueues;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #inFlight = 0;
  #most = 0;
  #least = 0;

  constructor(limits: LoadLimits, queues: WorkQueues = {}) {
    this.#limit = new AdaptiveLimit(limits);
    this.#queues = queues;
    if (limits.overloadQueueMs === 0) return;
    this.#delay.enable();
    setInterval(() => this.#sample(), SAMPLE_MS).unref();
  }

  /** Throws RequestError with status 503 and the code OVERLOADED if an operation must not be begun now. */
  check(): void {
    // One that exists already for each of the many that are refused in a second.
    if (!this.#limit.admits(this.#inFlight, this.#queues.requests ?? NONE)) throw overloaded;
  }

  /** Counts an operation as in flight. */
  enter(): Place {
    this.#inFlight += 1;
    this.#most = Math.max(this.#most, this.#inFlight);
    return new HeldPlace(this.#left);
  }

  readonly #left = () => {
    this.#inFlight -= 1;
    this.#least = Math.min(this.#least, this.#inFlight);
  };

  #sample(): void {
    const { requests, others = [] } = this.#queues;
    // The histogram has the time between two looks, and nothing if there was no second one.
    const delayMs = this.#delay.count === 0 ? 0 : Math.max(0, this.#delay.mean / 1e6 - RESOLUTION_MS);
    this.#delay.reset();
    // An operation waits for all of these, one after the other.
    const waitsMs = [requests, ...others].map((queue) => queue?.takeMeanWait() ?? 0);
    const queueMs = waitsMs.reduce((sum, ms) => sum + ms, delayMs + takeMeanTaskWait());
    this.#limit.adapt({ queueMs, most: this.#most, least: this.#least });
    this.#most = this.#inFlight;
    this.#least = this.#inFlight;
  }
}
