import { ApiError } from './apiError.ts';

/**
 * The REST id of the run that stood in the way, where a thread refused a run or a message because of one. Servers tell it
 * in the text alone: `Thread thread_1 already has an active run run_1.`, `Can't add messages to thread_1 while a run run_1
 * is active.`
 */
export const activeRunIn = (error: unknown): string | null => {
  if (!(error instanceof ApiError) || (error.status !== 400 && error.status !== 409)) return null;
  if (!/\bactive\b/.test(error.message)) return null;
  return /\brun ["'`]?([\w-]*[\d_][\w-]*)/.exec(error.message)?.[1] ?? null;
};
