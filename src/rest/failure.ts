import type { RestCall } from './call.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import { HEADER_OVERFLOW } from './fetch.ts';
import { UnavailableError } from './errors/unavailableError.ts';

/** An error of an HTTP client, identified by its code. */
export const systemError = (code: string): Error => Object.assign(new Error(code), { code });

/** The system's code in an error that `fetch` rejected with, or null. Its message is never used: it may contain the whole URL. */
export const systemCodeOf = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return systemCodeOf(error.cause);
};

/** The error of a call that got no response. */
export const sendFailure = (call: RestCall, host: string, error: unknown): Error => {
  const code = systemCodeOf(error);
  if (code?.startsWith('HPE_') !== true) return new UnavailableError(call, host, code);
  // Node's HTTP parser
  const problem = code === HEADER_OVERFLOW ? 'has a larger header than can be read' : `is not HTTP (${code})`;
  return new InvalidResponseError(call, { status: null, contentType: null }, problem);
};
