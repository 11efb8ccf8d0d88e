import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestMessage } from '../wire/message.ts';
import type { CollectionKind } from './collection.ts';
import { compositeKey } from './objectLoader.ts';

type Message = Received<RestMessage>;

export interface MessageKey {
  threadId: string;
  messageId: string;
}

/** The messages of a thread; with `runId`, those that one run created. */
export interface MessageList {
  threadId: string;
  runId?: string | undefined;
}

/** Messages: listed by thread, or by run, which can be selected from those of the thread. */
export const messageKind = (rest: Rest): CollectionKind<MessageKey, MessageList, Message> => ({
  type: 'message',
  key: (message) => ({ threadId: message.thread_id, messageId: message.id }),
  id: ({ messageId }) => messageId,
  list: ({ threadId }) => ({ threadId }),
  name: ({ threadId, runId }) => (runId === undefined ? threadId : compositeKey(threadId, runId)),
  owned: true,
  within: ({ threadId, runId }) =>
    runId === undefined ? undefined : { list: { threadId }, select: (messages) => createdBy(runId, messages) },
  retrieve: ({ threadId }, messageId) => rest.messages.retrieve(threadId, messageId),
  read: ({ threadId, runId }, window) =>
    rest.messages.list(threadId, runId === undefined ? window : { ...window, run_id: runId }),
});

/** Undefined if the server omits the `run_id` of a message, so that only the server can filter. */
const createdBy = (runId: string, messages: readonly Message[]) =>
  messages.some(({ run_id }) => run_id === undefined) ? undefined : messages.filter(({ run_id }) => run_id === runId);
