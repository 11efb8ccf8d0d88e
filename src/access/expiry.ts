import type { Identity } from './identity.ts';

/** The longest time that a timer of Node can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls `end` when the identity ends, if it does. Returns a function that no longer waits for that. */
export const atExpiry = ({ expiresAt }: Pick<Identity, 'expiresAt'>, end: () => void): (() => void) => {
  if (expiresAt === undefined) return () => {};
  const timer = setTimeout(end, Math.min(expiresAt - Date.now(), LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
};
