import type { RestCall } from '../call.ts';

/** The response with its body, or the next piece of a stream, did not arrive in time. A write may have taken effect. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly call: RestCall;
  readonly timeoutMs: number;

  constructor(call: RestCall, timeoutMs: number) {
    super(`${call.method} ${call.path}: no response from the upstream within ${timeoutMs} ms`);
    this.call = call;
    this.timeoutMs = timeoutMs;
  }
}
