import { ModelError } from '../modelError.ts';

export interface TokenTimeouts {
  /** Milliseconds from sending the request to the first token of the completion. */
  firstTokenMs: number;
  /** Milliseconds from one token to the next. */
  nextTokenMs: number;
}

/** Milliseconds in which the usage may follow a completion that has finished, on a connection that stays open. */
const afterFinishMs = 1000;

/** Counts the time spent waiting for a token. Comments and empty events are none; the time that readers take is not counted. */
export class TokenClock {
  readonly #timeouts: TokenTimeouts;
  #hasToken = false;
  #leftMs: number;

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

  /** Waits for `work`, and calls `stop` with the error if the time is over before it is done. */
  async wait<T>(work: Promise<T>, stop: (late: ModelError) => void): Promise<T> {
    const start = performance.now();
    const timer = setTimeout(() => stop(this.#late()), Math.max(0, this.#leftMs));
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      this.#leftMs -= performance.now() - start;
    }
  }

  #late(): ModelError {
    const { firstTokenMs, nextTokenMs } = this.#timeouts;
    const what = this.#hasToken
      ? `no further token within ${nextTokenMs / 1000} seconds`
      : `no token within ${firstTokenMs / 1000} seconds`;
    return new ModelError('server_error', `The model endpoint sent ${what}.`, { isRetryable: !this.#hasToken });
  }
}
