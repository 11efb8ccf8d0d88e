import { ModelError } from '../modelError.ts';

export interface TokenTimeouts {
  /** Milliseconds from sending the request to the first token of the completion. */
  firstTokenMs: number;
  /** Milliseconds from one token to the next. */
  nextTokenMs: number;
}

/** Milliseconds in which the usage may follow a completion that has finished, on a connection that stays open. */
const afterFinishMs = 1000;

/**
 * Counts the time spent waiting for a token. Comments and empty events are none; the time that readers take is not counted. It has
 * one timer, not one for each wait: a completion waits for each of its tokens.
 */
export class TokenClock {
  readonly #timeouts: TokenTimeouts;
  #hasToken = false;
  #leftMs: number;
  /** Undefined while nobody waits. */
  #waitingSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerEndsAt = 0;
  #onLate: ((late: ModelError) => void) | undefined;

  constructor(timeouts: TokenTimeouts) {
    this.#timeouts = timeouts;
    this.#leftMs = timeouts.firstTokenMs;
  }

  /** Starts the time to the next token. */
  token(): void {
    this.#hasToken = true;
    this.#leftMs = this.#timeouts.nextTokenMs;
  }

  finish(): void {
    this.#leftMs = Math.min(this.#leftMs, afterFinishMs);
  }

  /** Begins to wait. Calls `onLate` with the error if the time is over before `pause`. */
  start(onLate: (late: ModelError) => void): void {
    this.#onLate = onLate;
    this.#waitingSince = performance.now();
    if (this.#timer === undefined || this.#waitingSince + this.#leftMs < this.#timerEndsAt) this.#setTimer();
  }

  /** Ends the wait. */
  pause(): void {
    if (this.#waitingSince === undefined) return;
    this.#leftMs -= performance.now() - this.#waitingSince;
    this.#waitingSince = undefined;
  }

  /** Has to be called once nobody waits any more. */
  stop(): void {
    this.pause();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #setTimer() {
    clearTimeout(this.#timer);
    const ms = Math.max(0, this.#leftMs);
    this.#timerEndsAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#check(), ms);
  }

  /** Tokens may have come since the timer was set. */
  #check() {
    this.#timer = undefined;
    if (this.#waitingSince === undefined) return;
    const now = performance.now();
    this.#leftMs -= now - this.#waitingSince;
    this.#waitingSince = now;
    // Node's timers may be a millisecond early.
    if (this.#leftMs >= 1) this.#setTimer();
    else this.#onLate?.(this.#late());
  }

  #late(): ModelError {
    const { firstTokenMs, nextTokenMs } = this.#timeouts;
    const what = this.#hasToken
      ? `no further token within ${nextTokenMs / 1000} seconds`
      : `no token within ${firstTokenMs / 1000} seconds`;
    return new ModelError('server_error', `The model endpoint sent ${what}.`, { isRetryable: !this.#hasToken });
  }
}
