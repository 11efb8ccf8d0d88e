import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestVectorStore } from '../wire/vectorStore.ts';
import type { CollectionKind } from './collection.ts';

/** Vector stores: all in one list. */
export const vectorStoreKind = (rest: Rest): CollectionKind<string, null, Received<RestVectorStore>> => ({
  type: 'vectorStore',
  key: ({ id }) => id,
  id: (vectorStoreId) => vectorStoreId,
  list: () => null,
  name: () => '',
  owned: false,
  retrieve: (_, vectorStoreId) => rest.vectorStores.retrieve(vectorStoreId),
  read: (_, window) => rest.vectorStores.list(window),
});
