import type { RestVectorStoreFileBatch } from '../../../wire/vectorStore.ts';

export interface FileBatchReads {
  get(vectorStoreId: string, batchId: string): Promise<RestVectorStoreFileBatch | undefined>;
}

export interface FileBatchWrites extends FileBatchReads {
  insert(batch: RestVectorStoreFileBatch): Promise<void>;
  update(batch: RestVectorStoreFileBatch): Promise<void>;
}
