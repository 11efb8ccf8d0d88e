import type { RestCall } from './call.ts';
import { ApiError } from './errors/apiError.ts';
import { CircuitOpenError } from './errors/circuitOpenError.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import { isUpstreamFailure } from './errors/temporary.ts';

export interface CircuitBreakerOptions {
  /** Consecutive failed calls after which no more are sent. */
  readonly maxFailures: number;
  /** How long calls must have failed without any success in between, in milliseconds. */
  readonly minFailingMs: number;
  /** How long none are sent, in milliseconds, before one probe is. */
  readonly openMs: number;
}

/** `closed`: calls are sent. `open`: none are. `half-open`: one call is sent as a probe, and decides. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * Stops sending calls to an upstream that fails every time, so that clients get an error at once and the upstream can
 * recover. Failures count only while they are consecutive, and for some time: neither objects for which the upstream always
 * fails, nor a client that reads such an object many times at once, stop the calls of others.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  /** When the first of the consecutive failures was noticed, by `performance.now()`. */
  #failingSince = 0;
  /** By `performance.now()`; undefined while closed. */
  #openUntil: number | undefined;
  #isProbing = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get state(): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#isProbing || this.#openUntil <= performance.now() ? 'half-open' : 'open';
  }

  /** Sends a call. Rejects as `send` does, and with CircuitOpenError if nothing must be sent now. */
  async run<T>(call: RestCall, send: () => Promise<T>): Promise<T> {
    if (this.#openUntil !== undefined) {
      if (this.state !== 'half-open' || this.#isProbing) throw new CircuitOpenError(call, this.#failures);
      this.#isProbing = true;
    }
    try {
      const result = await send();
      this.#close();
      return result;
    } catch (error) {
      if (isUpstreamFailure(error)) this.#fail();
      else if (error instanceof ApiError || error instanceof InvalidResponseError) this.#close();
      else this.#isProbing = false; // cancelled or not sent: the next call is the probe
      throw error;
    }
  }

  #close() {
    this.#failures = 0;
    this.#openUntil = undefined;
    this.#isProbing = false;
  }

  #fail() {
    const { maxFailures, minFailingMs, openMs } = this.#options;
    const now = performance.now();
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures += 1;
    const isFailing = this.#failures >= maxFailures && now - this.#failingSince >= minFailingMs;
    if (this.#openUntil === undefined ? isFailing : this.#isProbing) this.#openUntil = now + openMs;
    this.#isProbing = false;
  }
}
