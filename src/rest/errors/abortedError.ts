import type { RestCall } from '../call.ts';

/** The caller's own signal ended the call, for instance because its client went away. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError';
  readonly call: RestCall;

  constructor(call: RestCall) {
    super(`${call.method} ${call.path}: given up by the caller`);
    this.call = call;
  }
}
