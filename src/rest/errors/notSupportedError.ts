import type { RestCall } from '../call.ts';

/** The upstream does not have the operation, or ignores one of its parameters. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';
  readonly call: RestCall;

  constructor(call: RestCall, problem: string, options?: ErrorOptions) {
    super(`${call.method} ${call.path}: ${problem}`, options);
    this.call = call;
  }
}
