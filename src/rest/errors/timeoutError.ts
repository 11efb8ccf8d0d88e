import type { RestCall } from '../call.ts';

/** The response with its body, or the next piece of a stream, did not arrive in time. A write may have taken effect. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly call: RestCall;
  readonly timeoutMs: number;
  /** Whose time was up: that of this call, or that of all calls of its operation. */
  readonly limit: 'call' | 'operation';

  constructor(call: RestCall, timeoutMs: number, limit: 'call' | 'operation' = 'call') {
    super(
      limit === 'call'
        ? `${call.method} ${call.path}: no response from the upstream within ${timeoutMs} ms`
        : `${call.method} ${call.path}: no response from the upstream before the deadline of the operation, whose REST calls may take ${timeoutMs} ms together`,
    );
    this.call = call;
    this.timeoutMs = timeoutMs;
    this.limit = limit;
  }
}
