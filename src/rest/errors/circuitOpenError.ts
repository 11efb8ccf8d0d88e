import type { RestCall } from '../call.ts';

/** The call was not sent, since the upstream has failed too often in a row: see `circuitBreaker.ts`. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  readonly call: RestCall;

  constructor(call: RestCall, failures: number) {
    super(
      `${call.method} ${call.path}: not sent, since the last ${failures} calls to the upstream failed. Retry in some seconds.`,
    );
    this.call = call;
  }
}
