import type { RestVectorStoreFile, RestVectorStoreFileStatus } from '../../../wire/vectorStore.ts';
import type { Tenant } from '../../tenant.ts';
import type { VectorStoreEntry } from './vectorStoreFiles.ts';

/** A file that waits to be indexed. */
export interface IngestionJob extends VectorStoreEntry {
  tenant: Tenant;
  /** Of the content. */
  sha256: string;
  /** How often its indexing was started before. */
  attempts: number;
}

/** A row of a vector store's file as the index has to reflect it. */
export interface EntryStatus {
  entry: number;
  vectorStoreId: string;
  fileId: string;
  status: RestVectorStoreFileStatus;
}

export type IngestionOutcome = Pick<RestVectorStoreFile, 'status' | 'usage_bytes' | 'last_error'>;

/** The jobs of all tenants. */
export interface IngestionReads {
  /** Waiting files: in turn of each tenant those that wait longest, at most `perTenant`, and of all together at most 200. */
  waiting(now: number, perTenant: number): Promise<IngestionJob[]>;
  /** Whether the entry still has to be indexed. */
  isWaiting(entry: number): Promise<boolean>;
  /** Entries above `after`, in order; at most `limit`. */
  entriesAfter(after: number, limit: number): Promise<EntryStatus[]>;
  /** Entries that have to be removed from the index. */
  removed(limit: number): Promise<number[]>;
  /** Ids of stores that had expired at `now` and still have files. */
  expired(now: number, limit: number): Promise<string[]>;
}

export interface IngestionWrites extends IngestionReads {
  /**
   * Counts an attempt to index the entry, and keeps other processes from it until `until` (milliseconds). False if it does not wait
   * any more, or another process has taken it.
   */
  start(entry: number, now: number, until: number): Promise<boolean>;
  /** Keeps other processes from an entry that this one is indexing. */
  renew(entry: number, until: number): Promise<void>;
  /** Undoes `start`, for an attempt that was not made. */
  release(entry: number, now: number): Promise<void>;
  /** Locks the vector store and ends a job, and the batch that it was the last of. False if the file has failed, is gone or was cancelled. */
  finish(entry: number, outcome: IngestionOutcome): Promise<boolean>;
  /** Lets the entry be indexed from `workAfter` (milliseconds), again if it was. Has no effect if it failed or was cancelled. */
  requeue(entry: number, workAfter: number): Promise<void>;
  forgetRemoved(entries: readonly number[]): Promise<void>;
  /** Locks a store and removes all of its files. */
  clear(vectorStoreId: string): Promise<void>;
}
