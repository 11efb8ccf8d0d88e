import type { RestVectorStore } from '../../../wire/vectorStore.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface VectorStoreReads {
  get(vectorStoreId: string): Promise<RestVectorStore | undefined>;
  list(page: PageRequest): Promise<StoredPage<RestVectorStore>>;
}

export interface VectorStoreWrites extends VectorStoreReads {
  /** What the files determine (`file_counts`, `usage_bytes`, `status`) is not stored. */
  insert(vectorStore: RestVectorStore): Promise<void>;
  /** The store has to be locked. */
  update(vectorStore: RestVectorStore): Promise<void>;
  /**
   * Reads the store and locks it, with its files and batches, until the transaction ends. Those are written under this lock. A
   * transaction locks threads before, and of several stores the one with the lowest id first.
   */
  lock(vectorStoreId: string): Promise<RestVectorStore | undefined>;
  /** Locks the store and deletes it with its batches, and removes its files from it. False if there was none. */
  remove(vectorStoreId: string): Promise<boolean>;
}
