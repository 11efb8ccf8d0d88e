import type { RestCall } from '../call.ts';

/** A response that is not one of the REST API: not JSON, half a body, a web page, a redirect, a wrong shape. */
export class InvalidResponseError extends Error {
  override readonly name = 'InvalidResponseError';
  readonly call: RestCall;
  /** Null if the response was not HTTP. */
  readonly status: number | null;
  readonly contentType: string | null;
  /** Whether the connection was lost before the end of the response. */
  readonly isBrokenOff: boolean;

  constructor(
    call: RestCall,
    response: { status: number | null; contentType: string | null; isBrokenOff?: boolean },
    problem: string,
  ) {
    const status =
      response.status === null ? '' : ` (status ${response.status}, ${response.contentType ?? 'no content type'})`;
    super(`${call.method} ${call.path}: the upstream's response${status} ${problem}`);
    this.call = call;
    this.status = response.status;
    this.contentType = response.contentType;
    this.isBrokenOff = response.isBrokenOff ?? false;
  }
}
