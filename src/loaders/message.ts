import DataLoader from 'dataloader';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestMessage } from '../wire/message.ts';
import type { PageQuery } from '../wire/page.ts';
import { eachAlone } from './alone.ts';
import { Pages } from './pages.ts';

type Message = Received<RestMessage>;

export interface MessageKey {
  threadId: string;
  messageId: string;
}

/** `run_id` keeps the messages that one run wrote. */
export type MessagePageQuery = PageQuery & { run_id?: string | undefined };

const keyOf = (message: Message): MessageKey => ({ threadId: message.thread_id, messageId: message.id });

/** Messages, as one request knows them. */
export const messageLoader = (rest: Rest) => {
  const byId = new DataLoader<MessageKey, Message | null, string>(
    (keys) => eachAlone(keys, ({ threadId, messageId }) => rest.messages.retrieve(threadId, messageId)),
    { name: 'message', cacheKeyFn: ({ threadId, messageId }) => `${threadId}/${messageId}` },
  );
  const pages = new Pages<string, MessagePageQuery, Message>({
    name: (threadId) => threadId,
    read: (threadId, query) => rest.messages.list(threadId, query),
    onItem: (message) => byId.prime(keyOf(message), message),
  });
  return {
    load: (key: MessageKey) => byId.load(key),
    page: (threadId: string, query: MessagePageQuery) => pages.load(threadId, query),
    wrote(message: Message) {
      byId.clear(keyOf(message)).prime(keyOf(message), message);
      pages.clear(message.thread_id);
    },
    deleted(key: MessageKey) {
      byId.clear(key).prime(key, null);
      pages.clear(key.threadId);
    },
    /** A run may have added to the thread's messages. */
    listChanged: (threadId: string) => pages.clear(threadId),
    clearAll() {
      byId.clearAll();
      pages.clearAll();
    },
  };
};

export type MessageLoader = ReturnType<typeof messageLoader>;
