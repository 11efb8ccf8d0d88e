import { ApiError } from './apiError.ts';

/**
 * The REST id of the active run because of which a thread rejected a run or a message; null for other errors. Servers name
 * it only in the message: `Thread thread_1 already has an active run run_1.`, `Can't add messages to thread_1 while a run run_1
 * is active.`
 */
export const activeRunIdIn = (error: unknown): string | null => {
  if (!(error instanceof ApiError) || (error.status !== 400 && error.status !== 409)) return null;
  if (!/\bactive\b/.test(error.message)) return null;
  return /\brun ["'`]?([\w-]*[\d_][\w-]*)/.exec(error.message)?.[1] ?? null;
};
