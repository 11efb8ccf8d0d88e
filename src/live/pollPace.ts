export interface PaceLimits {
  /** The pause after a change, in milliseconds. */
  pollMinMs: number;
  /** What pauses grow to while nothing changes, in milliseconds. */
  pollMaxMs: number;
}

const SLOWDOWN = 1.5;

/** An upstream that asks for more patience than this is read this often all the same. */
const LONGEST_ASKED_MS = 30_000;

/** Failures in a row after which a run is no longer followed. */
const MAX_FAILURES = 5;

/** The pause before each next reading of one run, in milliseconds: short while it changes, longer the longer it does not. */
export class PollPace {
  readonly #limits: PaceLimits;
  #pauseMs: number;
  #failures = 0;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    this.#pauseMs = limits.pollMinMs;
  }

  /** After a reading: at the upstream's own pace, where it sets one. */
  afterReading(changed: boolean, pollAfterMs: number | null): number {
    this.#failures = 0;
    if (changed) this.#pauseMs = this.#limits.pollMinMs;
    return pollAfterMs === null ? this.#slower() : Math.min(pollAfterMs, LONGEST_ASKED_MS);
  }

  /** After a failure that may pass, of which `retryAfter` tells the seconds; null once there were too many in a row. */
  afterFailure(retryAfter: number | null): number | null {
    this.#failures += 1;
    if (this.#failures > MAX_FAILURES) return null;
    return Math.max(this.#slower(), Math.min((retryAfter ?? 0) * 1000, LONGEST_ASKED_MS));
  }

  #slower() {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * SLOWDOWN, this.#limits.pollMaxMs);
    return pauseMs;
  }
}
