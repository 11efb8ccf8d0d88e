import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestVectorStoreFile, RestVectorStoreFileStatus } from '../wire/vectorStore.ts';
import type { CollectionKind } from './collection.ts';
import { compositeKey } from './objectLoader.ts';

type VectorStoreFile = Received<RestVectorStoreFile>;

export interface VectorStoreFileKey {
  vectorStoreId: string;
  fileId: string;
}

/** The files of a vector store; with `status`, those that have it. */
export interface VectorStoreFileList {
  vectorStoreId: string;
  status?: RestVectorStoreFileStatus | undefined;
}

/** Files of vector stores: listed by store, from which those with a status can be selected. */
export const vectorStoreFileKind = (
  rest: Rest,
): CollectionKind<VectorStoreFileKey, VectorStoreFileList, VectorStoreFile> => ({
  type: 'vectorStoreFile',
  key: ({ id, vector_store_id: vectorStoreId }) => ({ vectorStoreId, fileId: id }),
  id: ({ fileId }) => fileId,
  list: ({ vectorStoreId }) => ({ vectorStoreId }),
  name: ({ vectorStoreId, status }) => (status === undefined ? vectorStoreId : compositeKey(vectorStoreId, status)),
  owned: true,
  within: ({ vectorStoreId, status }) =>
    status === undefined ? undefined : { list: { vectorStoreId }, select: (files) => withStatus(status, files) },
  retrieve: ({ vectorStoreId }, fileId) => rest.vectorStoreFiles.retrieve(vectorStoreId, fileId),
  read: ({ vectorStoreId, status }, window) =>
    rest.vectorStoreFiles.list(vectorStoreId, status === undefined ? window : { ...window, filter: status }),
});

/** Undefined if the server omits the status of a file, so that only the server can filter. */
const withStatus = (status: RestVectorStoreFileStatus, files: readonly VectorStoreFile[]) =>
  files.some((file) => file.status == null) ? undefined : files.filter((file) => file.status === status);
