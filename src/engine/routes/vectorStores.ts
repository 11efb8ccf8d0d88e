import type { RestVectorStore } from '../../wire/vectorStore.ts';
import { existingVectorStore, lockedVectorStore } from '../vectorStores/existing.ts';
import { httpErrors } from '../httpErrors.ts';
import { mergedMetadata } from '../metadata.ts';
import { pageQuerySchema } from '../validation/query.ts';
import {
  createVectorStoreSchema,
  modifyVectorStoreSchema,
  searchVectorStoreSchema,
} from '../validation/vectorStore.ts';
import { markActive } from '../vectorStores/activity.ts';
import { searchStores } from '../vectorStores/searchStores.ts';
import { activeNow, addVectorStore } from '../vectorStores/vectorStore.ts';
import { listOf } from './list.ts';
import { pollAgain } from './polling.ts';
import { route } from './route.ts';

const result = (vectorStore: RestVectorStore) => ({
  json: vectorStore,
  headers: pollAgain('file', vectorStore.status === 'in_progress'),
});

export const vectorStoreRoutes = [
  route('POST', '/vector_stores', {
    body: createVectorStoreSchema,
    bodyNeed: 'optional',
    needsBeta: false,
    handle: async ({ body, write }) => result(await write((writes) => addVectorStore(writes, body))),
  }),

  route('GET', '/vector_stores', {
    query: pageQuerySchema,
    needsBeta: false,
    handle: async ({ query }, { store }) => listOf(await store.vectorStores.list(query)),
  }),

  route('GET', '/vector_stores/{vector_store_id}', {
    needsBeta: false,
    handle: async ({ params }, { store }) => result(await existingVectorStore(store, params.vector_store_id)),
  }),

  route('POST', '/vector_stores/{vector_store_id}', {
    body: modifyVectorStoreSchema,
    needsBeta: false,
    handle: async ({ params: { vector_store_id: id }, body, write }) => {
      const vectorStore = await write(async (writes) => {
        const before = await lockedVectorStore(writes, id);
        const changed: RestVectorStore = {
          ...before,
          name: body.name === undefined ? before.name : body.name,
          description: body.description === undefined ? (before.description ?? null) : body.description,
          metadata: mergedMetadata(before.metadata, body.metadata),
        };
        // What has expired has lost its files, and stays so.
        const isRenewed = body.expires_after !== undefined && before.status !== 'expired';
        const after = isRenewed ? activeNow({ ...changed, expires_after: body.expires_after ?? null }) : changed;
        await writes.vectorStores.update(after);
        return existingVectorStore(writes, id);
      });
      return result(vectorStore);
    },
  }),

  route('DELETE', '/vector_stores/{vector_store_id}', {
    needsBeta: false,
    handle: async ({ params: { vector_store_id: id }, write }) => {
      await write(async (writes) => {
        if (!(await writes.vectorStores.remove(id))) throw httpErrors.notFound('vector store', id);
      });
      return { json: { id, object: 'vector_store.deleted', deleted: true } };
    },
  }),

  route('POST', '/vector_stores/{vector_store_id}/search', {
    body: searchVectorStoreSchema,
    needsBeta: false,
    handle: async ({ params: { vector_store_id: id }, body }, { store, index }) => {
      const vectorStore = await existingVectorStore(store, id);
      if (vectorStore.status === 'expired') throw httpErrors.vectorStoreExpired(id);
      const queries = [body.query].flat();
      const found = await searchStores(store, index, {
        vectorStoreIds: [id],
        queries,
        filter: body.filters,
        limit: body.max_num_results,
        scoreThreshold: body.ranking_options?.score_threshold ?? 0,
      });
      await markActive(store, [vectorStore]);
      return {
        json: {
          object: 'vector_store.search_results.page',
          search_query: queries,
          data: found.map(({ file, filename, score, text }) => ({
            file_id: file.id,
            filename,
            score,
            attributes: file.attributes ?? {},
            content: [{ type: 'text', text }],
          })),
          has_more: false,
          next_page: null,
        },
      };
    },
  }),
];
