import type { RestVectorStore } from '../../../wire/vectorStore.ts';
import type { PageRequest, StoredPage } from './page.ts';

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
