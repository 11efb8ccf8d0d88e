import type { RestMessage } from '../../../wire/message.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface MessageReads {
  get(threadId: string, messageId: string): Promise<RestMessage | undefined>;
  /** With `runId`, only the messages that this run created. */
  list(threadId: string, page: PageRequest, runId?: string): Promise<StoredPage<RestMessage>>;
  count(threadId: string): Promise<number>;
}

export interface MessageWrites extends MessageReads {
  insert(message: RestMessage): Promise<void>;
  update(message: RestMessage): Promise<void>;
  remove(threadId: string, messageId: string): Promise<boolean>;
}
