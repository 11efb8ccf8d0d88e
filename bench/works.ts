import { account, range } from './stub/account.ts';
import { messageId } from './stub/objects.ts';

/** The four pieces of work that every subject does, each one request to it. */
export const works = ['W1', 'W2', 'W3', 'W4'] as const;

export type Work = (typeof works)[number];

export const titles: Readonly<Record<Work, string>> = {
  W1: 'nested: a thread, its 20 runs with their steps and assistants, its 100 messages with theirs',
  W2: 'point: one assistant, five fields',
  W3: 'wide: 50 messages of one thread by id, as aliases',
  W4: 'list: 100 assistants, all fields',
};

export const threadId = account.ordinary.thread.id;
export const assistantId = 'asst_7';
/** Every second message of the thread. */
export const messageIds = range(50).map((n) => messageId(threadId, 2 * n - 1));
