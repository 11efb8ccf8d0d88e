import { errorCodeOf } from '../../errorCode.ts';
import { StoreBusyError } from '../busy.ts';
import { StoreUnreachableError } from '../unreachable.ts';
import { StoreWriteError } from '../writeError.ts';

/** Messages of `pg` for connections that are lost, or that cannot be made in time. They have no code. */
const connectionMessages = [
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
  'Client was closed and is not queryable',
];

/** Errors of the network, by Node's codes. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/**
 * Whether a connection was lost or could not be made. Codes of PostgreSQL are those of
 * https://www.postgresql.org/docs/15/errcodes-appendix.html: class 08, a server that stops or starts, one without a free
 * connection, a session that was ended because its transaction was idle.
 */
export const isConnectionError = (error: unknown): boolean => {
  const code = errorCodeOf(error) ?? '';
  if (/^08|^57P0[1-5]$|^53300$|^25P03$/.test(code) || networkCodes.has(code)) return true;
  return error instanceof Error && connectionMessages.some((message) => error.message.startsWith(message));
};

/** Whether no connection of a pool became free in time. The message is that of `pg-pool`, which has no code for it. */
export const isPoolTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect';

const conflict = 'Another request changed the same data at the same time, so nothing was written. Try again.';
const slow = 'The database took too long, so nothing was written. Try again.';

const messages: Record<string, readonly [status: 503 | 507, message: string]> = {
  '40001': [503, conflict],
  '40P01': [503, conflict],
  '55P03': [503, conflict],
  '57014': [503, slow],
  '53200': [503, 'The database has no memory left, so nothing was written. Try again.'],
  '53100': [507, 'The disk of the database is full, so nothing can be written. Free some space and try again.'],
  '25006': [503, 'The database is read-only, so nothing can be written.'],
};

/** A StoreUnreachableError if the connection failed, StoreBusyError if none was free, with the error as its cause; otherwise the error itself. */
export const unreachableErrorOf = (error: unknown): unknown => {
  if (isPoolTimeout(error)) return new StoreBusyError({ cause: error });
  return isConnectionError(error) ? new StoreUnreachableError({ cause: error }) : error;
};

/** A StoreWriteError if the transaction could not be written, with PostgreSQL's error as its cause; otherwise the error itself. */
export const databaseWriteErrorOf = (error: unknown): unknown => {
  const known = messages[errorCodeOf(error) ?? ''];
  return known === undefined ? error : new StoreWriteError(known[0], known[1], { cause: error });
};
