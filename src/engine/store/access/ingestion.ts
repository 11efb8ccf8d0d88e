import type { RestVectorStoreFile, RestVectorStoreFileStatus } from '../../../wire/vectorStore.ts';
import type { Tenant } from '../../tenant.ts';
import type { VectorStoreEntry } from './vectorStoreFiles.ts';

/** A file that waits to be indexed. */
export interface IngestionJob extends VectorStoreEntry {
  tenant: Tenant;
  /** Of the content. */
  sha256: string;
}

/** A row of a vector store's file as the index has to reflect it. */
export interface EntryStatus {
  entry: number;
  vectorStoreId: string;
  fileId: string;
  status: RestVectorStoreFileStatus;
}

/**
 * What became of a job: its outcome was stored; the file is not wanted any more; or another worker has taken the job over, because
 * the lease had ended.
 */
export type IngestionEnd = 'stored' | 'unwanted' | 'superseded';

export type IngestionOutcome = Pick<RestVectorStoreFile, 'status' | 'usage_bytes' | 'last_error'>;

/** The jobs of all tenants. */
export interface IngestionReads {
  /** Waiting files: in turn of each tenant those that wait longest, at most `perTenant`. */
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
   * Claims a job that waited at `now`, and counts the attempt. Until `until` no other worker can claim it. Returns the number of the
   * attempt, which counts from 1; undefined if the job does not wait any more.
   */
  claim(entry: number, now: number, until: number): Promise<number | undefined>;
  /** Extends a claim. */
  renew(entry: number, attempt: number, until: number): Promise<void>;
  /** Gives a claim up from `now` on, for an attempt that was not made. */
  release(entry: number, attempt: number, now: number): Promise<void>;
  /** Ends a claimed job, and the batch that it was the last of. */
  finish(entry: number, attempt: number, outcome: IngestionOutcome): Promise<IngestionEnd>;
  /** Lets the entry be indexed from `workAfter` (milliseconds), again if it was. Has no effect if it failed or was cancelled. */
  requeue(entry: number, workAfter: number): Promise<void>;
  forgetRemoved(entries: readonly number[]): Promise<void>;
  /** Removes all files of a store. */
  clear(vectorStoreId: string): Promise<void>;
}
