import { errorCodeOf } from '../errorCode.ts';
import type { McpSdk } from './mcpSdk.ts';

interface Failure {
  /** For the model. */
  message: string;
  /** For the operator in addition. */
  detail?: string;
  /** Whether the tool has run: `no` if the call did not reach it, `unknown` if the connection broke off. */
  hasRun?: 'no' | 'unknown' | 'yes';
  /** Whether the connection can't be used any more. */
  isBroken?: boolean;
}

/** Why a call of an MCP server has no result. */
export class McpCallError extends Error {
  override readonly name = 'McpCallError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Errors of connections that were not made. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const invalid = 'its response is not valid.';

/** The SDK's errors of responses have the status, or -1 if the type of the content is wrong. */
const statusFailure = (status: number | undefined): Failure => {
  if (status === undefined || status < 0) return { message: invalid, hasRun: 'yes', isBroken: true };
  // The specification: a server responds with 404 to a session that it does not know any more.
  if (status === 404) return { message: 'it does not know the session or the URL.', hasRun: 'no', isBroken: true };
  const hasRun = status === 429 || status === 503 ? 'no' : 'yes';
  return { message: `it returned the status ${status}.`, hasRun };
};

/** The failure that an error of the SDK stands for. `timeoutMs` is the time limit of the request. */
export const failureOf = (error: unknown, sdk: McpSdk, timeoutMs: number): Failure => {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof sdk.StreamableHTTPError) return { ...statusFailure(error.code), detail };
  if (error instanceof sdk.McpError) {
    const [timeout, closed]: number[] = [sdk.ErrorCode.RequestTimeout, sdk.ErrorCode.ConnectionClosed];
    if (error.code === timeout) {
      return { message: `it did not respond within ${timeoutMs} ms.`, hasRun: 'yes' };
    }
    if (error.code !== closed) return { message: `it returned an error: ${detail}` };
    return { message: 'it ended, or closed the connection, before it responded.', hasRun: 'unknown', isBroken: true };
  }
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof TypeError && cause instanceof Error) {
    const hasRun = notConnected.has(errorCodeOf(cause) ?? '') ? 'no' : 'unknown';
    const message = 'it could not be reached, or closed the connection.';
    return { message, detail: cause.message, hasRun, isBroken: true };
  }
  if (detail === 'Not connected') return { message: 'the connection was closed.', hasRun: 'no', isBroken: true };
  if (errorCodeOf(error) !== undefined)
    return { message: 'it could not be started.', detail, hasRun: 'no', isBroken: true };
  return { message: invalid, detail, hasRun: 'yes' };
};
