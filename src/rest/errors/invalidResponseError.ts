import type { RestCall } from '../call.ts';

/** Something answered, but not as the REST API answers: not JSON, half a body, a web page, a redirect, a wrong shape. */
export class InvalidResponseError extends Error {
  override readonly name = 'InvalidResponseError';
  readonly call: RestCall;
  /** Null where the answer was not even HTTP. */
  readonly status: number | null;
  readonly contentType: string | null;

  constructor(call: RestCall, answer: { status: number | null; contentType: string | null }, problem: string) {
    const status =
      answer.status === null ? '' : ` (status ${answer.status}, ${answer.contentType ?? 'no content type'})`;
    super(`${call.method} ${call.path}: the upstream's answer${status} ${problem}`);
    this.call = call;
    this.status = answer.status;
    this.contentType = answer.contentType;
  }
}
