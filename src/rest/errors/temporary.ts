import { ApiError } from './apiError.ts';
import { CircuitOpenError } from './circuitOpenError.ts';
import { InvalidResponseError } from './invalidResponseError.ts';
import { OverloadedError } from './overloadedError.ts';
import { StreamEndedError } from './streamEndedError.ts';
import { TimeoutError } from './timeoutError.ts';
import { UnavailableError } from './unavailableError.ts';

/** Statuses of 500 and above that a retry does not change: not implemented, HTTP version, no space, a loop. */
const PERMANENT_STATUSES: ReadonlySet<number> = new Set([501, 505, 507, 508, 510, 511]);

/** Whether a call failed because the server was busy or broken: with 408, 429 or 5xx. */
const isBusyOrBroken = ({ status }: ApiError): boolean =>
  status === 408 || status === 429 || (status >= 500 && !PERMANENT_STATUSES.has(status));

/** Whether the same call may succeed if it is sent again: the connection failed, or the server was busy or broken. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof UnavailableError ||
  (error instanceof InvalidResponseError && error.isBrokenOff) ||
  (error instanceof ApiError && isBusyOrBroken(error));

const UNSENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether no byte of the call was sent: there was no connection. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof UnavailableError && error.code !== null && UNSENT_CODES.has(error.code);

/**
 * Whether a later call may succeed. In addition to what is retried at once, this includes timeouts, calls that were not
 * sent, streams that broke off, and responses that a proxy sent in place of the upstream.
 */
export const isTemporary = (error: unknown): boolean =>
  isRetryable(error) ||
  error instanceof TimeoutError ||
  error instanceof CircuitOpenError ||
  error instanceof OverloadedError ||
  error instanceof StreamEndedError ||
  error instanceof InvalidResponseError;

/** Whether the error shows that the upstream is unreachable or broken for all callers. A 429 shows that it works. */
export const isUpstreamFailure = (error: unknown): boolean =>
  error instanceof UnavailableError ||
  (error instanceof TimeoutError && error.limit === 'call') ||
  (error instanceof InvalidResponseError && (error.isBrokenOff || error.status === null)) ||
  (error instanceof ApiError && error.status >= 500 && !PERMANENT_STATUSES.has(error.status));
