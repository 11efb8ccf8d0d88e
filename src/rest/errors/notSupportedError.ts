import type { RestCall } from '../call.ts';

/** The upstream has no such operation: it knows neither the path nor the method. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';
  readonly call: RestCall;

  /** `what` is missing as a whole, as in `files`. */
  constructor(call: RestCall, what: string) {
    super(`${call.method} ${call.path}: this upstream does not support ${what}.`);
    this.call = call;
  }
}
