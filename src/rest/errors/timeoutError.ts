import type { RestCall } from '../call.ts';

/** The whole answer, body included, or the next piece of a stream, did not come in time. Whether a write took effect is not known. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly call: RestCall;
  readonly timeoutMs: number;

  constructor(call: RestCall, timeoutMs: number) {
    super(`${call.method} ${call.path}: gave up after waiting ${timeoutMs} ms for the upstream`);
    this.call = call;
    this.timeoutMs = timeoutMs;
  }
}
