import type { Identity } from './identity.ts';

/** The longest time that a timer of Node can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls `end` when the identity ends, if it does, or after LONGEST_TIMER_MS (24 days) if that is sooner. Returns a function that
 * stops waiting.
 */
export const atExpiry = ({ expiresAt }: Pick<Identity, 'expiresAt'>, end: () => void): (() => void) => {
  if (expiresAt === undefined) return () => {};
  const timer = setTimeout(end, Math.min(expiresAt - Date.now(), LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
};
