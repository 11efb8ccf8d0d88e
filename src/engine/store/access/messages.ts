import type { RestMessage } from '../../../wire/message.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface MessageReads {
  get(threadId: string, messageId: string): Promise<RestMessage | undefined>;
  /** With `runId`, only the messages that this run created. */
  list(threadId: string, page: PageRequest, runId?: string): Promise<StoredPage<RestMessage>>;
  /**
   * Of each of these runs, the id of the message that follows it in the thread; null if none does. Messages that `readerId` wrote, the run
   * for which they are read, do not count. Runs that were imported, or created by an earlier version, are left out: it is not
   * known which messages they follow.
   */
  followingRuns(
    threadId: string,
    runIds: readonly string[],
    readerId: string,
  ): Promise<{ runId: string; messageId: string | null }[]>;
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
