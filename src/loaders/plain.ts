import type { Collection, Kind } from './collection.ts';
import { orNull } from './lookUps.ts';

/** The same answers with none of the savings, one call for each question: what the savings are tested against. */
export const plainCollection = <Key, List, Item>(kind: Kind<Key, List, Item>): Collection<Key, List, Item> => ({
  load: (key) => orNull(kind.retrieve(kind.list(key), kind.id(key))),
  page: (list, window) => kind.read(list, window),
  wrote() {},
  deleted() {},
  forget() {},
});
