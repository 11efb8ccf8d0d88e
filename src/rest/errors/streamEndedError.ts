import type { RestCall } from '../call.ts';

/** A stream of events ended without `done`: the connection was lost, or the server stopped. The run itself may continue. */
export class StreamEndedError extends Error {
  override readonly name = 'StreamEndedError';
  readonly call: RestCall;

  constructor(call: RestCall) {
    super(`${call.method} ${call.path}: the upstream's stream of events ended before it was done`);
    this.call = call;
  }
}
