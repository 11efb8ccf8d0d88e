import type { RestCall } from './call.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import { UnavailableError } from './errors/unavailableError.ts';

const DROPPED_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** A failure of a transport's own, with the code by which it is known. */
export const systemError = (code: string): Error => Object.assign(new Error(code), { code });

/** The system's code in what a `fetch` rejected with, or null. Its message is never looked at: it may hold the whole URL. */
export const codeOf = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
};

/** Whether the connection closed before any byte of an answer. */
export const isDropped = (error: unknown): boolean => DROPPED_CODES.has(codeOf(error) ?? '');

/** Why there is no answer. */
export const sendFailure = (call: RestCall, host: string, error: unknown): Error => {
  const code = codeOf(error);
  return code?.startsWith('HPE_') === true // Node's HTTP parser
    ? new InvalidResponseError(call, { status: null, contentType: null }, `is not HTTP (${code})`)
    : new UnavailableError(call, host, code);
};
