import type { RestVectorStoreFileBatch } from '../../wire/vectorStore.ts';
import { existingFileBatch } from '../vectorStores/existing.ts';
import { createFileBatchSchema, vectorStoreFilesQuerySchema } from '../validation/vectorStore.ts';
import { addBatch } from '../vectorStores/storeFiles.ts';
import { listOf } from './list.ts';
import { pollAgain } from './polling.ts';
import { route } from './route.ts';
import { checkId } from './router.ts';
import { openedVectorStore } from './vectorStoreFiles.ts';

const result = (batch: RestVectorStoreFileBatch) => ({
  json: batch,
  headers: pollAgain('file', batch.status === 'in_progress'),
});

export const fileBatchRoutes = [
  route('POST', '/vector_stores/{vector_store_id}/file_batches', {
    body: createFileBatchSchema,
    needsBeta: false,
    handle: async ({ params: { vector_store_id: id }, body, write }) => {
      const { file_ids: fileIds = [], files = [], attributes, chunking_strategy } = body;
      const added = [...fileIds.map((file_id) => ({ file_id, attributes, chunking_strategy })), ...files];
      for (const { file_id } of added) checkId('file_id', file_id);
      const batch = await write(async (writes) => {
        await openedVectorStore(writes, id);
        return addBatch(writes, id, added);
      });
      return result(batch);
    },
  }),

  route('GET', '/vector_stores/{vector_store_id}/file_batches/{batch_id}', {
    needsBeta: false,
    handle: async ({ params }, { store }) =>
      result(await existingFileBatch(store, params.vector_store_id, params.batch_id)),
  }),

  route('POST', '/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel', {
    needsBeta: false,
    handle: async ({ params: { vector_store_id: storeId, batch_id: id }, write }) => {
      const batch = await write(async (writes) => {
        await writes.vectorStores.lock(storeId);
        const before = await existingFileBatch(writes, storeId, id);
        if (before.status !== 'in_progress') return before;
        await writes.vectorStoreFiles.cancelBatch(storeId, id);
        const { file_counts } = await existingFileBatch(writes, storeId, id);
        const after: RestVectorStoreFileBatch = { ...before, file_counts, status: 'cancelled' };
        await writes.fileBatches.update(after);
        return after;
      });
      return result(batch);
    },
  }),

  route('GET', '/vector_stores/{vector_store_id}/file_batches/{batch_id}/files', {
    query: vectorStoreFilesQuerySchema,
    needsBeta: false,
    handle: async ({ params, query: { filter: status, ...page } }, { store }) => {
      const { id: batchId } = await existingFileBatch(store, params.vector_store_id, params.batch_id);
      return listOf(await store.vectorStoreFiles.list(params.vector_store_id, page, { status, batchId }));
    },
  }),
];
