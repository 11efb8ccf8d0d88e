import type { PageQuery, RestDeleted } from '../wire/page.ts';
import type { CreateVectorStoreBody, ModifyVectorStoreBody, RestVectorStore } from '../wire/vectorStore.ts';
import type { WriteOptions } from './callerOptions.ts';
import type { RestClient } from './client.ts';
import { optionalRoutes } from './optionalRoutes.ts';
import { objectOf, pageOf } from './parseBody.ts';
import { path } from './path.ts';
import type { RequestBody } from './requestBody.ts';

const vectorStore = objectOf<RestVectorStore>();

/** The five operations on vector stores, which not every server has. */
export const vectorStores = (restClient: RestClient) => {
  const client = optionalRoutes(restClient, 'vector stores');
  return {
    create: async (body: RequestBody<CreateVectorStoreBody>, write?: WriteOptions) =>
      client.post(path`/vector_stores`, vectorStore, body, undefined, write),

    retrieve: async (vectorStoreId: string) => client.get(path`/vector_stores/${vectorStoreId}`, vectorStore),

    modify: async (vectorStoreId: string, body: RequestBody<ModifyVectorStoreBody>, write?: WriteOptions) =>
      client.post(path`/vector_stores/${vectorStoreId}`, vectorStore, body, undefined, write),

    delete: async (vectorStoreId: string, write?: WriteOptions) =>
      client.delete(path`/vector_stores/${vectorStoreId}`, objectOf<RestDeleted<'vector_store.deleted'>>(), write),

    list: async (query: PageQuery) =>
      client.get(path`/vector_stores`, pageOf<RestVectorStore>(query.limit), { ...query }),
  };
};
