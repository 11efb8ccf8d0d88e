import { account, range } from './stub/account.ts';
import { messageId } from './stub/objects.ts';

/** The four works that every subject does, each one request to it. */
export const basicWorks = ['W1', 'W2', 'W3', 'W4'] as const;

/**
 * W1, W2 and W4 as Apollo Client sends them: `__typename` on every object, and unions included; then A2 through GET and through
 * an event stream. Only the program by hand and this server do these.
 */
export const clientWorks = ['A1', 'A2', 'A4', 'A2-GET', 'A2-SSE'] as const;

export const works = [...basicWorks, ...clientWorks] as const;

export type Work = (typeof works)[number];

export const titles: Readonly<Record<Work, string>> = {
  W1: 'W1 nested',
  W2: 'W2 point',
  W3: 'W3 wide',
  W4: 'W4 list',
  A1: 'A1 nested',
  A2: 'A2 point',
  A4: 'A4 list',
  'A2-GET': 'A2 by GET',
  'A2-SSE': 'A2 as events',
};

export const threadId = account.ordinary.thread.id;
export const assistantId = 'asst_7';
/** Every second message of the thread. */
export const messageIds = range(50).map((n) => messageId(threadId, 2 * n - 1));
