export interface PollLimits {
  /** The interval after a change, in milliseconds. */
  pollMinMs: number;
  /** The longest interval while nothing changes, in milliseconds. */
  pollMaxMs: number;
  /** How long reads may fail before a run is no longer followed, in milliseconds. */
  pollOutageMs: number;
  /** The same for a run that has not been read yet, whose client waits for its first result, in milliseconds. */
  operationTimeoutMs: number;
}

const GROWTH = 1.5;

/** The longest interval that an upstream can request, in milliseconds. */
const MAX_REQUESTED_MS = 30_000;

/** The interval until the next read of one run, in milliseconds: short while it changes, then increasing. */
export class PollInterval {
  readonly #limits: PollLimits;
  #nextMs: number;
  #hasRead = false;
  /** By `performance.now()`; undefined after a successful read. */
  #failingSince: number | undefined;

  constructor(limits: PollLimits) {
    this.#limits = limits;
    this.#nextMs = limits.pollMinMs;
  }

  /** After a read. `pollAfterMs` is the interval that the upstream requests; null if it requests none. */
  afterRead(changed: boolean, pollAfterMs: number | null): number {
    this.#hasRead = true;
    this.#failingSince = undefined;
    if (changed) this.#nextMs = this.#limits.pollMinMs;
    return pollAfterMs === null ? this.#increase() : Math.min(pollAfterMs, MAX_REQUESTED_MS);
  }

  /**
   * After a temporary failure. `retryAfter` is in seconds. Null once reads have failed for too long. The interval is random
   * within its upper half: followers that failed together do not return together.
   */
  afterFailure(retryAfter: number | null): number | null {
    const { pollOutageMs, operationTimeoutMs } = this.#limits;
    const now = performance.now();
    this.#failingSince ??= now;
    const remainingMs = this.#failingSince + (this.#hasRead ? pollOutageMs : operationTimeoutMs) - now;
    if (remainingMs <= 0) return null;
    const jitteredMs = this.#increase() * (0.5 + Math.random() / 2);
    return Math.min(remainingMs, Math.max(jitteredMs, Math.min((retryAfter ?? 0) * 1000, MAX_REQUESTED_MS)));
  }

  #increase() {
    const nextMs = this.#nextMs;
    this.#nextMs = Math.min(nextMs * GROWTH, this.#limits.pollMaxMs);
    return nextMs;
  }
}
