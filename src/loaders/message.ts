import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestMessage } from '../wire/message.ts';
import type { Kind } from './collection.ts';
import { joined } from './lookUps.ts';

type Message = Received<RestMessage>;

export interface MessageKey {
  threadId: string;
  messageId: string;
}

/** The messages of a thread; with `runId` those that one run wrote. */
export interface MessageList {
  threadId: string;
  runId?: string | undefined;
}

/** Messages: listed by thread, or by the run that wrote them, which can be picked from those of the thread. */
export const messageKind = (rest: Rest): Kind<MessageKey, MessageList, Message> => ({
  type: 'message',
  key: (message) => ({ threadId: message.thread_id, messageId: message.id }),
  id: ({ messageId }) => messageId,
  list: ({ threadId }) => ({ threadId }),
  name: ({ threadId, runId }) => (runId === undefined ? threadId : joined(threadId, runId)),
  owned: true,
  within: ({ threadId, runId }) =>
    runId === undefined ? undefined : { list: { threadId }, pick: (messages) => writtenBy(runId, messages) },
  retrieve: ({ threadId }, messageId) => rest.messages.retrieve(threadId, messageId),
  read: ({ threadId, runId }, window) =>
    rest.messages.list(threadId, runId === undefined ? window : { ...window, run_id: runId }),
});

/** Undefined where the server leaves out who wrote a message, so that only its own filter knows. */
const writtenBy = (runId: string, messages: readonly Message[]) =>
  messages.some(({ run_id }) => run_id === undefined) ? undefined : messages.filter(({ run_id }) => run_id === runId);
