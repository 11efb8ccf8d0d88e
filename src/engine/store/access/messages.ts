import type { RestMessage } from '../../../wire/message.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface MessageReads {
  get(threadId: string, messageId: string): Promise<RestMessage | undefined>;
  /** With `runId`, only the messages that this run created. */
  list(threadId: string, page: PageRequest, runId?: string): Promise<StoredPage<RestMessage>>;
  count(threadId: string): Promise<number>;
}

export interface MessageWrites extends MessageReads {
  /** Adds messages of one thread at its end. Returns how many it has then. */
  insert(threadId: string, messages: readonly RestMessage[]): Promise<number>;
  update(message: RestMessage): Promise<void>;
  /**
   * Updates a message that a run writes. Its metadata stays as clients have set it. Returns the message as it is stored;
   * undefined if it was deleted.
   */
  rewrite(message: RestMessage): Promise<RestMessage | undefined>;
  remove(threadId: string, messageId: string): Promise<boolean>;
}
