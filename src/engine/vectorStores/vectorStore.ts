import type { RestMetadata } from '../../wire/page.ts';
import type { RestChunkingStrategy } from '../../wire/tool.ts';
import type { RestExpiresAfter, RestVectorStore } from '../../wire/vectorStore.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { StoreWrites } from '../store/store.ts';
import { noFiles } from '../store/rows/vectorStores.ts';
import { addFiles } from './storeFiles.ts';

const SECONDS_PER_DAY = 24 * 60 * 60;

/** Of stores that are created with a thread or its messages, as in the hosted API. */
export const threadStoreExpiry: RestExpiresAfter = { anchor: 'last_active_at', days: 7 };

/** The store as active now, which moves its expiry. */
export const activeNow = (vectorStore: RestVectorStore): RestVectorStore => {
  const now = unixSeconds();
  const { expires_after: after } = vectorStore;
  const expires_at = after === null || after === undefined ? null : now + after.days * SECONDS_PER_DAY;
  return { ...vectorStore, last_active_at: now, expires_at };
};

/** What a store is created with. */
export interface NewVectorStore {
  name?: string | null | undefined;
  description?: string | null | undefined;
  file_ids?: readonly string[] | undefined;
  chunking_strategy?: RestChunkingStrategy | undefined;
  expires_after?: RestExpiresAfter | null | undefined;
  metadata?: RestMetadata | null | undefined;
}

/**
 * Adds a vector store with its first files, which are indexed later.
 * @throws {HttpError} 404 if there is no such file
 */
export const addVectorStore = async (writes: StoreWrites, body: NewVectorStore): Promise<RestVectorStore> => {
  const vectorStore = activeNow({
    id: newId('vs'),
    object: 'vector_store',
    created_at: unixSeconds(),
    name: body.name ?? null,
    description: body.description ?? null,
    usage_bytes: 0,
    file_counts: noFiles,
    status: 'completed',
    expires_after: body.expires_after ?? null,
    expires_at: null,
    last_active_at: null,
    metadata: body.metadata ?? {},
  });
  await writes.vectorStores.insert(vectorStore);
  const { chunking_strategy } = body;
  const files = [...new Set(body.file_ids)].map((file_id) => ({ file_id, chunking_strategy }));
  await addFiles(writes, vectorStore.id, files);
  return (await writes.vectorStores.get(vectorStore.id)) ?? vectorStore;
};
