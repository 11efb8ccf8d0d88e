import type { RestCall } from '../call.ts';

/** The whole answer, body included, did not come in time. Whether a write took effect is not known. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly call: RestCall;
  readonly timeoutMs: number;

  constructor(call: RestCall, timeoutMs: number) {
    super(`${call.method} ${call.path}: no complete answer from the upstream within ${timeoutMs} ms`);
    this.call = call;
    this.timeoutMs = timeoutMs;
  }
}
