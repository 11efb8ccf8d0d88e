import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { VectorStoreFileKey, VectorStoreFileList } from '../loaders/vectorStoreFile.ts';
import type { Received } from '../rest/received.ts';
import type { RestVectorStoreFile } from '../wire/vectorStore.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import type { Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type VectorStoreFile = Received<RestVectorStoreFile>;

export const vectorStoreFileReference = (
  key: VectorStoreFileKey,
  { loaders }: Context,
): Reference<VectorStoreFile> => ({
  type: 'VectorStoreFile',
  ids: { id: key.fileId, vector_store_id: key.vectorStoreId },
  load: () => loaders.vectorStoreFiles.load(key),
});

/** The name of the list in cursors. The files with a status belong to the list of their store. */
export const vectorStoreFileList = (vectorStoreId: string) => `vectorStoreFiles/${vectorStoreId}`;

/** The files of a vector store; with `filter`, only those with this status. */
export const filesOfStore = (
  vectorStoreId: string,
  { filter, ...args }: ConnectionArgs & { filter?: VectorStoreFileList['status'] | null },
  { loaders, limits }: Context,
  info: GraphQLResolveInfo,
) => {
  const list = filter == null ? { vectorStoreId } : { vectorStoreId, status: filter };
  return paginate(
    args,
    { name: vectorStoreFileList(vectorStoreId), page: (window) => loaders.vectorStoreFiles.page(list, window) },
    limits,
    { pageInfo: needsPageInfo(info) },
  );
};
