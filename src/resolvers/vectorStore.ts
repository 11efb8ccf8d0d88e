import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context/context.ts';
import type { Received } from '../rest/received.ts';
import type { RestVectorStore } from '../wire/vectorStore.ts';
import { type ConnectionArgs, paginate } from './pagination.ts';
import { follow, lookUp, type Reference } from './reference.ts';
import { needsPageInfo } from './selection.ts';

type VectorStore = Received<RestVectorStore>;

export const vectorStoreReference = (vectorStoreId: string, { loaders }: Context): Reference<VectorStore> => ({
  type: 'VectorStore',
  ids: { id: vectorStoreId },
  load: () => loaders.vectorStores.load(vectorStoreId),
});

export const vectorStoreById = (vectorStoreId: string, context: Context, info: GraphQLResolveInfo) =>
  lookUp(vectorStoreReference(vectorStoreId, context), context, info);

/** The vector store that an object belongs to; null if it has been deleted. */
export const vectorStoreOf = (
  { vector_store_id: vectorStoreId }: { vector_store_id: string },
  context: Context,
  info: GraphQLResolveInfo,
) => follow(vectorStoreReference(vectorStoreId, context), context, info);

/** The vector stores with these ids, in their order; null for each that has been deleted. */
export const vectorStoresOf = (
  { vector_store_ids: vectorStoreIds }: { vector_store_ids?: readonly string[] | null | undefined },
  context: Context,
  info: GraphQLResolveInfo,
) => (vectorStoreIds ?? []).map((id) => follow(vectorStoreReference(id, context), context, info));

export const vectorStoreList = 'vectorStores';

export const allVectorStores = (args: ConnectionArgs, { loaders, limits }: Context, info: GraphQLResolveInfo) =>
  paginate(args, { name: vectorStoreList, page: (window) => loaders.vectorStores.page(null, window) }, limits, {
    pageInfo: needsPageInfo(info),
  });
