import type { RestCall } from '../call.ts';

/** There was no response: no connection, or one that closed before the first byte of a response. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  readonly call: RestCall;
  /** `host:port`, never with credentials. */
  readonly host: string;
  /** The system's code, such as `ECONNREFUSED`, if there is one. */
  readonly code: string | null;

  constructor(call: RestCall, host: string, code: string | null) {
    super(`${call.method} ${call.path}: ${reason(code)} the upstream at ${host}${code === null ? '' : ` (${code})`}`);
    this.call = call;
    this.host = host;
    this.code = code;
  }
}

const reason = (code: string | null) =>
  code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET'
    ? 'the connection closed without a response from'
    : 'could not reach';
