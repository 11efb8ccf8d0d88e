import type { RestMessage } from '../wire/message.ts';
import type { RestToolResources, RestToolResourcesCreate } from '../wire/tool.ts';
import type { RestExpiresAfter } from '../wire/vectorStore.ts';
import type { StoreWrites } from './store/store.ts';
import { addVectorStore } from './vectorStores/vectorStore.ts';

/**
 * Tool resources as they are stored: the vector stores to create are created, with an expiry if one is given.
 * @throws {HttpError} 404 if a file of a vector store does not exist
 */
export const storedToolResources = async (
  writes: StoreWrites,
  resources: RestToolResourcesCreate | null | undefined,
  expiry?: RestExpiresAfter,
): Promise<RestToolResources> => {
  const { file_search: fileSearch, ...rest } = resources ?? {};
  if (fileSearch === undefined) return rest;
  const { vector_store_ids: ids = [], vector_stores: requested = [] } = fileSearch;
  const created = [];
  for (const body of requested) created.push(await addVectorStore(writes, { ...body, expires_after: expiry }));
  return { ...rest, file_search: { vector_store_ids: [...ids, ...created.map(({ id }) => id)] } };
};

/** The resources of a thread with the files that messages attach for the code interpreter. */
export const withAttachedFiles = (
  resources: RestToolResources | null,
  messages: readonly RestMessage[],
): RestToolResources | null => {
  const attached = messages
    .flatMap(({ attachments }) => attachments ?? [])
    .filter(({ tools = [] }) => tools.some(({ type }) => type === 'code_interpreter'))
    .flatMap(({ file_id: id }) => (id === undefined ? [] : [id]));
  if (attached.length === 0) return resources;
  const known = resources?.code_interpreter?.file_ids ?? [];
  return { ...resources, code_interpreter: { file_ids: [...new Set([...known, ...attached])] } };
};
