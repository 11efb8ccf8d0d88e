import type { Collection, CollectionKind } from './collection.ts';
import { nullIfMissing } from './objectLoader.ts';

/** The same results without batching, one call for each read. Tests compare batching with it. */
export const unbatchedCollection = <Key, List, Item>(
  kind: CollectionKind<Key, List, Item>,
): Collection<Key, List, Item> => ({
  load: (key) => nullIfMissing(kind.retrieve(kind.list(key), kind.id(key))),
  page: (list, window) => kind.read(list, window),
  wrote() {},
  deleted() {},
  forget() {},
});
