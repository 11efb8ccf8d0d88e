import type { PageQuery, RestDeleted } from '../wire/page.ts';
import type {
  CreateVectorStoreFileBatchBody,
  CreateVectorStoreFileBody,
  RestVectorStoreFile,
  RestVectorStoreFileBatch,
  RestVectorStoreFileStatus,
} from '../wire/vectorStore.ts';
import type { WriteOptions } from './callerOptions.ts';
import type { RestClient } from './client.ts';
import { optionalRoutes } from './optionalRoutes.ts';
import { objectOf, pageOf } from './parseBody.ts';
import { path } from './path.ts';
import type { RequestBody } from './requestBody.ts';

/** `filter` selects the files with this status. */
export interface VectorStoreFilesQuery extends PageQuery {
  filter?: RestVectorStoreFileStatus | undefined;
}

const fileIn = (vectorStoreId: string) => objectOf<RestVectorStoreFile>({ vector_store_id: vectorStoreId });

const batchIn = (vectorStoreId: string) => objectOf<RestVectorStoreFileBatch>({ vector_store_id: vectorStoreId });

/** The operations on the files of a vector store, which not every server has. */
export const vectorStoreFiles = (restClient: RestClient) => {
  const client = optionalRoutes(restClient, 'files of vector stores');
  return {
    create: async (vectorStoreId: string, body: RequestBody<CreateVectorStoreFileBody>, write?: WriteOptions) =>
      client.post(path`/vector_stores/${vectorStoreId}/files`, fileIn(vectorStoreId), body, undefined, write),

    createBatch: async (
      vectorStoreId: string,
      body: RequestBody<CreateVectorStoreFileBatchBody>,
      write?: WriteOptions,
    ) =>
      client.post(path`/vector_stores/${vectorStoreId}/file_batches`, batchIn(vectorStoreId), body, undefined, write),

    retrieve: async (vectorStoreId: string, fileId: string) =>
      client.get(path`/vector_stores/${vectorStoreId}/files/${fileId}`, fileIn(vectorStoreId)),

    delete: async (vectorStoreId: string, fileId: string, write?: WriteOptions) =>
      client.delete(
        path`/vector_stores/${vectorStoreId}/files/${fileId}`,
        objectOf<RestDeleted<'vector_store.file.deleted'>>(),
        write,
      ),

    list: async (vectorStoreId: string, query: VectorStoreFilesQuery) =>
      client.get(
        path`/vector_stores/${vectorStoreId}/files`,
        pageOf<RestVectorStoreFile>(query.limit, { vector_store_id: vectorStoreId }),
        { ...query },
      ),
  };
};
