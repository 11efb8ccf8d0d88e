import type {
  RestFileAttributes,
  RestVectorStore,
  RestVectorStoreFile,
  RestVectorStoreFileBatch,
  RestVectorStoreFileStatus,
} from '../../wire/vectorStore.ts';
import type { Tenant } from '../tenant.ts';
import type { PageRequest, StoredPage } from './store.ts';

/** A file in a vector store, with its entry in the search index. */
export interface VectorStoreEntry {
  entry: number;
  file: RestVectorStoreFile;
  filename: string;
}

/** Which files of a vector store to list. */
export interface VectorStoreFileFilter {
  status?: RestVectorStoreFileStatus | undefined;
  batchId?: string | undefined;
}

/** A file that waits to be indexed. */
export interface IngestionJob extends VectorStoreEntry {
  tenant: Tenant;
  /** Of the content. */
  sha256: string;
  /** How often its indexing was started before. */
  attempts: number;
}

export interface VectorStoreReads {
  get(vectorStoreId: string): Promise<RestVectorStore | undefined>;
  list(page: PageRequest): Promise<StoredPage<RestVectorStore>>;
}

export interface VectorStoreWrites extends VectorStoreReads {
  /** What the files determine (`file_counts`, `usage_bytes`, `status`) is not stored. */
  insert(vectorStore: RestVectorStore): Promise<void>;
  update(vectorStore: RestVectorStore): Promise<void>;
  /** Deletes the store with its batches, and removes its files from it. False if there was none. */
  remove(vectorStoreId: string): Promise<boolean>;
}

export interface VectorStoreFileReads {
  get(vectorStoreId: string, fileId: string): Promise<VectorStoreEntry | undefined>;
  list(
    vectorStoreId: string,
    page: PageRequest,
    filter: VectorStoreFileFilter,
  ): Promise<StoredPage<RestVectorStoreFile>>;
  /** Those of the entries that exist, in any order. */
  ofEntries(entries: readonly number[]): Promise<VectorStoreEntry[]>;
  /** Attributes of the files of a store with entries above `after`, in their order; at most `limit`. */
  attributesAfter(
    vectorStoreId: string,
    after: number,
    limit: number,
  ): Promise<{ entry: number; attributes: RestFileAttributes }[]>;
  count(vectorStoreId: string): Promise<number>;
  /** Whether a file of the store is being indexed. */
  isInProgress(vectorStoreId: string): Promise<boolean>;
}

export interface VectorStoreFileWrites extends VectorStoreFileReads {
  /** Adds a file that waits to be indexed. One of the same id that the store has is replaced. */
  insert(file: RestVectorStoreFile, batchId: string | null): Promise<void>;
  /** Has no effect on the indexing. */
  update(file: RestVectorStoreFile): Promise<void>;
  remove(vectorStoreId: string, fileId: string): Promise<boolean>;
  /** Cancels the files of a batch that are not indexed yet. */
  cancelBatch(vectorStoreId: string, batchId: string): Promise<void>;
}

export interface FileBatchReads {
  get(vectorStoreId: string, batchId: string): Promise<RestVectorStoreFileBatch | undefined>;
}

export interface FileBatchWrites extends FileBatchReads {
  insert(batch: RestVectorStoreFileBatch): Promise<void>;
  update(batch: RestVectorStoreFileBatch): Promise<void>;
}

/** A row of a vector store's file as the index has to reflect it. */
export interface EntryStatus {
  entry: number;
  vectorStoreId: string;
  fileId: string;
  status: RestVectorStoreFileStatus;
}

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
  /** Counts an attempt to index the entry. */
  start(entry: number): Promise<void>;
  /** Undoes `start`, for an attempt that was not made. */
  release(entry: number): Promise<void>;
  /** Ends a job, and the batch that it was the last of. False if the file is gone or was cancelled. */
  finish(entry: number, outcome: IngestionOutcome): Promise<boolean>;
  /** Lets the entry be indexed from `workAfter` (milliseconds), again if it was. Has no effect if it failed or was cancelled. */
  requeue(entry: number, workAfter: number): Promise<void>;
  forgetRemoved(entries: readonly number[]): Promise<void>;
  /** Removes all files of a store. */
  clear(vectorStoreId: string): Promise<void>;
}

export type IngestionOutcome = Pick<RestVectorStoreFile, 'status' | 'usage_bytes' | 'last_error'>;
