import type { RestMetadata } from '../../../wire/page.ts';
import type { RestThread } from '../../../wire/thread.ts';
import type { Tenant } from '../../tenant.ts';
import type { PageRequest, StoredPage } from './page.ts';

/** Which threads to list. Times are in seconds. */
export interface StoredThreadFilter {
  /** All these pairs. */
  metadata: RestMetadata;
  /** Created then or later. */
  createdFrom?: number | undefined;
  /** Created earlier. */
  createdBefore?: number | undefined;
}

export interface ThreadReads {
  get(threadId: string): Promise<RestThread | undefined>;
  /** By creation. A cursor may be any thread of the tenant, also one that the filter excludes: it may have changed since. */
  list(page: PageRequest, filter: StoredThreadFilter): Promise<StoredPage<RestThread>>;
}

export interface ThreadWrites extends ThreadReads {
  insert(thread: RestThread): Promise<void>;
  /** The thread has to be locked. */
  update(thread: RestThread): Promise<void>;
  /**
   * Locks the thread, and deletes it with its messages, runs, steps and events: from then on nobody finds any of them, and the
   * workers remove the rows. False if there was none.
   */
  remove(threadId: string): Promise<boolean>;
  /**
   * Reads the thread and locks it until the transaction ends. Everything in it (messages, runs with their steps, events and calls,
   * usage) is written under this lock, so that it locks them too. A transaction locks a thread before any other object.
   */
  lock(threadId: string): Promise<RestThread | undefined>;
}

export interface ThreadWorkerReads extends ThreadReads {
  /** Undefined if there is no such thread. */
  tenantOf(threadId: string): Promise<Tenant | undefined>;
  /** Whether there are rows of deleted threads. */
  hasDeleted(): Promise<boolean>;
}

export interface ThreadWorkerWrites extends ThreadWrites, ThreadWorkerReads {
  /** Removes rows of the thread that was deleted first, at most `rows`. False if none are left. */
  removeDeleted(rows: number): Promise<boolean>;
}
