import type { RestFileAttributes, RestVectorStoreFile, RestVectorStoreFileStatus } from '../../../wire/vectorStore.ts';
import type { PageRequest, StoredPage } from './page.ts';

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
