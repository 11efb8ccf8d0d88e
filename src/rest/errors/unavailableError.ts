import type { RestCall } from '../call.ts';

/** There was no answer at all: no connection, or one that closed before the first byte of an answer. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  readonly call: RestCall;
  /** `host:port`, never with credentials. */
  readonly host: string;
  /** The system's code, such as `ECONNREFUSED`, where there is one. */
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
    ? 'no answer before the connection closed from'
    : 'could not reach';
