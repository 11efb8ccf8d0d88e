import type { RestCall } from '../call.ts';

/** A 404 that does not show whether the object or the operation is missing. */
export class UnclearNotFoundError extends Error {
  override readonly name = 'UnclearNotFoundError';
  readonly call: RestCall;

  constructor(call: RestCall, options?: ErrorOptions) {
    const problem = 'the upstream returned 404 "Not Found", as it does for operations that it does not have.';
    super(`${call.method} ${call.path}: ${problem} Either the object is missing or the operation.`, options);
    this.call = call;
  }
}
