import type { RestCall } from '../call.ts';

/** The call was not sent, since as many calls or streams as allowed already wait or run. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
  readonly call: RestCall;

  /** `limit` says what there is too much of, as in `1000 REST calls wait`. */
  constructor(call: RestCall, limit: string) {
    super(`${call.method} ${call.path}: not sent, since ${limit}, which is the limit. Retry later.`);
    this.call = call;
  }
}
