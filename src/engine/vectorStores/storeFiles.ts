import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RestChunkingStrategy } from '../../wire/tool.ts';
import type { RestFileAttributes, RestVectorStoreFile, RestVectorStoreFileBatch } from '../../wire/vectorStore.ts';
import { unixSeconds } from '../clock.ts';
import { existingFile } from '../existing.ts';
import { httpErrors } from '../httpErrors.ts';
import { newId } from '../ids.ts';
import type { StoreWrites } from '../store/store.ts';
import { noFiles } from '../store/rows/vectorStores.ts';
import { shownStrategy } from './chunkingStrategy.ts';

/** Files in one store, as in the hosted API. */
export const MAX_STORE_FILES = 10_000;

/** A file as it is added to a store. */
export interface NewStoreFile {
  file_id: string;
  attributes?: RestFileAttributes | null | undefined;
  chunking_strategy?: RestChunkingStrategy | undefined;
}

/** Files that are added before the event loop gets a turn. */
const PER_TURN = 50;

const addEach = async (
  writes: StoreWrites,
  vectorStoreId: string,
  files: readonly NewStoreFile[],
  batchId: string | null,
): Promise<RestVectorStoreFile[]> => {
  if ((await writes.vectorStoreFiles.count(vectorStoreId)) + files.length > MAX_STORE_FILES) {
    throw httpErrors.vectorStoreFull(vectorStoreId, MAX_STORE_FILES);
  }
  const added: RestVectorStoreFile[] = [];
  for (const { file_id: fileId, attributes, chunking_strategy } of files) {
    await existingFile(writes, fileId);
    const file: RestVectorStoreFile = {
      id: fileId,
      object: 'vector_store.file',
      created_at: unixSeconds(),
      vector_store_id: vectorStoreId,
      status: 'in_progress',
      usage_bytes: 0,
      last_error: null,
      attributes: attributes ?? {},
      chunking_strategy: shownStrategy(chunking_strategy),
    };
    await writes.vectorStoreFiles.insert(file, batchId);
    if (added.push(file) % PER_TURN === 0) await nextTurn();
  }
  return added;
};

/**
 * Adds files to a store, to be indexed. Those that the store has already are indexed again.
 * @throws {HttpError} 404 if there is no such file, 400 if the store would have too many
 */
export const addFiles = (
  writes: StoreWrites,
  vectorStoreId: string,
  files: readonly NewStoreFile[],
): Promise<RestVectorStoreFile[]> => addEach(writes, vectorStoreId, files, null);

/** Adds files to a store as a batch. @throws {HttpError} as `addFiles` */
export const addBatch = async (
  writes: StoreWrites,
  vectorStoreId: string,
  files: readonly NewStoreFile[],
): Promise<RestVectorStoreFileBatch> => {
  const distinct = [...new Map(files.map((file) => [file.file_id, file])).values()];
  const { length: total } = distinct;
  const batch: RestVectorStoreFileBatch = {
    id: newId('vsfb'),
    object: 'vector_store.files_batch',
    created_at: unixSeconds(),
    vector_store_id: vectorStoreId,
    status: 'in_progress',
    file_counts: { ...noFiles, in_progress: total, total },
  };
  await writes.fileBatches.insert(batch);
  await addEach(writes, vectorStoreId, distinct, batch.id);
  return batch;
};
