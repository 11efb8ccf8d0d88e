export interface PollLimits {
  /** The interval after a change, in milliseconds. */
  pollMinMs: number;
  /** The longest interval while nothing changes, in milliseconds. */
  pollMaxMs: number;
}

const GROWTH = 1.5;

/** The longest interval that an upstream can request, in milliseconds. */
const MAX_REQUESTED_MS = 30_000;

/** Consecutive failures after which a run is no longer followed. */
const MAX_FAILURES = 5;

/** The interval until the next read of one run, in milliseconds: short while it changes, then increasing. */
export class PollInterval {
  readonly #limits: PollLimits;
  #nextMs: number;
  #failures = 0;

  constructor(limits: PollLimits) {
    this.#limits = limits;
    this.#nextMs = limits.pollMinMs;
  }

  /** After a read. `pollAfterMs` is the interval that the upstream requests; null if it requests none. */
  afterRead(changed: boolean, pollAfterMs: number | null): number {
    this.#failures = 0;
    if (changed) this.#nextMs = this.#limits.pollMinMs;
    return pollAfterMs === null ? this.#increase() : Math.min(pollAfterMs, MAX_REQUESTED_MS);
  }

  /** After a temporary failure. `retryAfter` is in seconds. Null after too many consecutive failures. */
  afterFailure(retryAfter: number | null): number | null {
    this.#failures += 1;
    if (this.#failures > MAX_FAILURES) return null;
    return Math.max(this.#increase(), Math.min((retryAfter ?? 0) * 1000, MAX_REQUESTED_MS));
  }

  #increase() {
    const nextMs = this.#nextMs;
    this.#nextMs = Math.min(nextMs * GROWTH, this.#limits.pollMaxMs);
    return nextMs;
  }
}
