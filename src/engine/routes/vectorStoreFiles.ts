import type { RestVectorStoreFile } from '../../wire/vectorStore.ts';
import { existingVectorStore, existingVectorStoreFile, lockedVectorStore } from '../vectorStores/existing.ts';
import { httpErrors } from '../httpErrors.ts';
import type { StoreWrites } from '../store/store.ts';
import {
  createVectorStoreFileSchema,
  modifyVectorStoreFileSchema,
  vectorStoreFilesQuerySchema,
} from '../validation/vectorStore.ts';
import { addFiles } from '../vectorStores/storeFiles.ts';
import { activeNow } from '../vectorStores/vectorStore.ts';
import { fileContentResponse } from './fileContent.ts';
import { listOf } from './list.ts';
import { pollAgain } from './polling.ts';
import { route } from './route.ts';
import { checkId } from './router.ts';

const result = (file: RestVectorStoreFile) => ({
  json: file,
  headers: pollAgain('file', file.status === 'in_progress'),
});

/** Locks the store, to which files are about to be added. @throws {HttpError} 404, or 400 if it has expired */
export const openedVectorStore = async (writes: StoreWrites, id: string): Promise<void> => {
  const vectorStore = await lockedVectorStore(writes, id);
  if (vectorStore.status === 'expired') throw httpErrors.vectorStoreExpired(id);
  await writes.vectorStores.update(activeNow(vectorStore));
};

export const vectorStoreFileRoutes = [
  route('POST', '/vector_stores/{vector_store_id}/files', {
    body: createVectorStoreFileSchema,
    needsBeta: false,
    handle: async ({ params: { vector_store_id: id }, body, write }) => {
      checkId('file_id', body.file_id);
      const file = await write(async (writes) => {
        await openedVectorStore(writes, id);
        const [added] = await addFiles(writes, id, [body]);
        return added;
      });
      return { json: { ...file }, headers: pollAgain('file', true) };
    },
  }),

  route('GET', '/vector_stores/{vector_store_id}/files', {
    query: vectorStoreFilesQuerySchema,
    needsBeta: false,
    handle: async ({ params: { vector_store_id: id }, query: { filter: status, ...page } }, { store }) => {
      await existingVectorStore(store, id);
      return listOf(await store.vectorStoreFiles.list(id, page, { status }));
    },
  }),

  route('GET', '/vector_stores/{vector_store_id}/files/{file_id}', {
    needsBeta: false,
    handle: async ({ params }, { store }) =>
      result((await existingVectorStoreFile(store, params.vector_store_id, params.file_id)).file),
  }),

  route('POST', '/vector_stores/{vector_store_id}/files/{file_id}', {
    body: modifyVectorStoreFileSchema,
    needsBeta: false,
    handle: async ({ params, body, write }) => {
      const file = await write(async (writes) => {
        await writes.vectorStores.lock(params.vector_store_id);
        const found = await existingVectorStoreFile(writes, params.vector_store_id, params.file_id);
        const after = { ...found.file, attributes: body.attributes ?? {} };
        await writes.vectorStoreFiles.update(after);
        return after;
      });
      return result(file);
    },
  }),

  route('DELETE', '/vector_stores/{vector_store_id}/files/{file_id}', {
    needsBeta: false,
    handle: async ({ params: { vector_store_id: storeId, file_id: id }, write }) => {
      await write(async (writes) => {
        await writes.vectorStores.lock(storeId);
        await existingVectorStoreFile(writes, storeId, id);
        await writes.vectorStoreFiles.remove(storeId, id);
      });
      return { json: { id, object: 'vector_store.file.deleted', deleted: true } };
    },
  }),

  route('GET', '/vector_stores/{vector_store_id}/files/{file_id}/content', {
    needsBeta: false,
    handle: async ({ params }, { store, index }) => {
      const { entry, file } = await existingVectorStoreFile(store, params.vector_store_id, params.file_id);
      return fileContentResponse(index, file.status === 'completed' ? entry : undefined);
    },
  }),
];
