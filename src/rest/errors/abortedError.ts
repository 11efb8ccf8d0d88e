import type { RestCall } from '../call.ts';

/** The caller cancelled the call, for instance because its client disconnected. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError';
  readonly call: RestCall;

  constructor(call: RestCall) {
    super(`${call.method} ${call.path}: cancelled by the caller`);
    this.call = call;
  }
}
