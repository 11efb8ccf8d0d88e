import type { RestCall } from '../call.ts';

/** A stream of events stopped without its `done`: a connection was lost, or a server went down. The run itself may go on. */
export class StreamEndedError extends Error {
  override readonly name = 'StreamEndedError';
  readonly call: RestCall;

  constructor(call: RestCall) {
    super(`${call.method} ${call.path}: the upstream's stream of events ended before it was done`);
    this.call = call;
  }
}
