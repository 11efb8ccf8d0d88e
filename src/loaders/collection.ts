import { isMissing } from '../rest/errors/apiError.ts';
import { isRestId } from '../rest/path.ts';
import { type Batching, MIN_PREFETCH_KEYS } from './batching.ts';
import type { ListPage, PageWindow } from './knownList.ts';
import { type ListState, type ListKind, Lists } from './lists.ts';
import { ObjectLoader, type ReadBatch } from './objectLoader.ts';

/** A type whose objects are all members of lists. */
export interface CollectionKind<Key, List, Item> extends ListKind<List, Item> {
  key(item: Item): Key;
  /** The object's own id. */
  id(key: Key): string;
  /** The list that the object is a member of. */
  list(key: Key): List;
  /** The member of a list with this id. */
  retrieve(list: List, id: string): Promise<Item>;
}

/** The objects of one type that one request reads. */
export interface Collection<Key, List, Item> {
  /** The object; null if it does not exist. */
  load(key: Key): Item | Promise<Item | null>;
  /** A page of a list. It may hold more items than the window's limit. */
  page(list: List, window: PageWindow): ListPage<Item> | Promise<ListPage<Item>>;
  /** Keeps the object that a write returned, and forgets all others: they may have changed too. */
  wrote(item: Item): void;
  deleted(key: Key): void;
  /** Forgets all objects, after a write to another type that may have changed them. */
  forget(): void;
}

/**
 * Loads objects with the fewest REST calls. The API has no bulk read, but its lists serve as one: several members of a list
 * that are loaded in one tick cost one page of it, and those that the page does not hold are read one by one. An object is
 * null only after its own 404 or that of its whole list: it may exist even if it is not on a page.
 */
export const batchedCollection = <Key, List, Item extends { id: string }>(
  kind: CollectionKind<Key, List, Item>,
  batching: Batching,
): Collection<Key, List, Item> => {
  const lists = new Lists(kind, batching);
  const { savings } = batching;

  const loaderOf = (state: ListState<List, Item>): ObjectLoader<Item> => {
    const single = (id: string): Promise<Item | null> => loader.single(id, kind.retrieve(state.list, id));
    const read: ReadBatch<Item> = async (ids) => {
      const pending = lists.pending(state);
      if (!pending && ids.length < MIN_PREFETCH_KEYS) return ids.map(single);
      const failed = await throughPages(state, ids, pending).catch((error: unknown) => ({ error }));
      return ids.map((id) => {
        const known = state.known.member(id);
        if (known) return known;
        if (!failed) return single(id);
        if (!isMissing(failed.error)) return Promise.reject(failed.error);
        // A missing list has no members. Reading what cannot be an id rejects with an error that says so.
        return isRestId(id) ? null : single(id);
      });
    };
    const loader = new ObjectLoader(kind.type, read, batching);
    return loader;
  };

  /** Settles when the pages worth reading are known. Rejects as reading the list does. */
  const throughPages = async (
    state: ListState<List, Item>,
    ids: readonly string[],
    pending: Promise<unknown> | undefined,
  ) => {
    const isKnown = (id: string) => state.known.member(id) !== undefined;
    let wanted = ids;
    if (pending) {
      await pending;
      wanted = ids.filter((id) => !isKnown(id));
      savings.coalesced += ids.length - wanted.length;
    }
    await lists.prefetch(state, { what: 'members', count: wanted.length, hits: () => wanted.filter(isKnown).length });
  };

  const put = (key: Key, item: Item | null) => {
    lists.forget();
    const state = lists.stateOf(kind.list(key));
    state.loader = loaderOf(state);
    state.loader.put(kind.id(key), item);
  };

  return {
    load(key) {
      const state = lists.stateOf(kind.list(key));
      const id = kind.id(key);
      const known = state.known.member(id);
      if (known) savings.deduplicated += 1;
      return known ?? (state.loader ??= loaderOf(state)).load(id);
    },
    page: (list, window) => lists.page(list, window),
    wrote: (item) => put(kind.key(item), item),
    deleted: (key) => put(key, null),
    forget: () => lists.forget(),
  };
};
