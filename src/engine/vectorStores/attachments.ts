import type { RestMessage } from '../../wire/message.ts';
import type { RestToolResources } from '../../wire/tool.ts';
import type { StoreWrites } from '../store/store.ts';
import { addFiles } from './storeFiles.ts';
import { activeNow, addVectorStore, threadStoreExpiry } from './vectorStore.ts';

/** Ids of the files that messages attach for file search. */
const searchedFiles = (messages: readonly RestMessage[]): string[] => {
  const attached = messages
    .flatMap(({ attachments }) => attachments ?? [])
    .filter(({ tools = [] }) => tools.some(({ type }) => type === 'file_search'));
  return [...new Set(attached.flatMap(({ file_id: id }) => (id === undefined ? [] : [id])))];
};

/**
 * The resources of a thread with the files that messages attach for file search: they are added to its vector store, which is
 * created if it has none that can be used.
 * @throws {HttpError} 404 if there is no such file
 */
export const withSearchedFiles = async (
  writes: StoreWrites,
  resources: RestToolResources | null,
  messages: readonly RestMessage[],
): Promise<RestToolResources | null> => {
  const fileIds = searchedFiles(messages);
  if (fileIds.length === 0) return resources;
  const [known] = resources?.file_search?.vector_store_ids ?? [];
  const vectorStore = known === undefined ? undefined : await writes.vectorStores.lock(known);
  if (vectorStore !== undefined && vectorStore.status !== 'expired') {
    await writes.vectorStores.update(activeNow(vectorStore));
    await addFiles(
      writes,
      vectorStore.id,
      fileIds.map((file_id) => ({ file_id })),
    );
    return resources;
  }
  const { id } = await addVectorStore(writes, { file_ids: fileIds, expires_after: threadStoreExpiry });
  return { ...resources, file_search: { vector_store_ids: [id] } };
};
