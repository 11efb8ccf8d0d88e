import type { RestVectorStore, RestVectorStoreFileBatch } from '../../wire/vectorStore.ts';
import { httpErrors } from '../httpErrors.ts';
import type { StoreReads, StoreWrites } from '../store/store.ts';
import type { VectorStoreEntry } from '../store/access/vectorStoreFiles.ts';

/** @throws {HttpError} 404 */
export const existingVectorStore = async (reads: StoreReads, vectorStoreId: string): Promise<RestVectorStore> => {
  const vectorStore = await reads.vectorStores.get(vectorStoreId);
  if (vectorStore === undefined) throw httpErrors.notFound('vector store', vectorStoreId);
  return vectorStore;
};

/** The store, locked against other writers until the transaction ends. @throws {HttpError} 404 */
export const lockedVectorStore = async (writes: StoreWrites, vectorStoreId: string): Promise<RestVectorStore> => {
  const vectorStore = await writes.vectorStores.lock(vectorStoreId);
  if (vectorStore === undefined) throw httpErrors.notFound('vector store', vectorStoreId);
  return vectorStore;
};

/** A file in a vector store. @throws {HttpError} 404 */
export const existingVectorStoreFile = async (
  reads: StoreReads,
  vectorStoreId: string,
  fileId: string,
): Promise<VectorStoreEntry> => {
  const found = await reads.vectorStoreFiles.get(vectorStoreId, fileId);
  if (found !== undefined) return found;
  await existingVectorStore(reads, vectorStoreId);
  throw httpErrors.notFound('file', fileId);
};

/** @throws {HttpError} 404 */
export const existingFileBatch = async (
  reads: StoreReads,
  vectorStoreId: string,
  batchId: string,
): Promise<RestVectorStoreFileBatch> => {
  const batch = await reads.fileBatches.get(vectorStoreId, batchId);
  if (batch !== undefined) return batch;
  await existingVectorStore(reads, vectorStoreId);
  throw httpErrors.notFound('file batch', batchId);
};
