import { isMissing } from '../rest/errors/apiError.ts';
import { isRestId } from '../rest/path.ts';
import { type Economy, WORTH_A_PAGE } from './economy.ts';
import type { Page, PageWindow } from './knownList.ts';
import { type ListKind, Lists, type OneList } from './lists.ts';
import { LookUps, type ReadByIds } from './lookUps.ts';

/** A type of which every object is the member of a list. */
export interface Kind<Key, List, Item> extends ListKind<List, Item> {
  key(item: Item): Key;
  /** The object's own id. */
  id(key: Key): string;
  /** The list that it is a member of. */
  list(key: Key): List;
  /** The member of a list that has this id. */
  retrieve(list: List, id: string): Promise<Item>;
}

/** The objects of one type, as one request knows them. */
export interface Collection<Key, List, Item> {
  /** The object, or null where it does not exist. */
  load(key: Key): Item | Promise<Item | null>;
  /** A page of a list; it may hold more than was asked for. */
  page(list: List, window: PageWindow): Page<Item> | Promise<Page<Item>>;
  /** The object is what a write answered. All else is forgotten: it may have changed along. */
  wrote(item: Item): void;
  deleted(key: Key): void;
  /** Something else was written that may have changed any of them. */
  forget(): void;
}

/**
 * Serves look-ups with the fewest REST calls. The API has no bulk read, but its lists are as good as one: several members
 * of a list that are asked for in one tick cost one page of it, and what that does not hold is read by itself. Only its
 * own 404, or that of its whole list, makes an object null: what is merely not on a page may still exist.
 */
export const collection = <Key, List, Item extends { id: string }>(
  kind: Kind<Key, List, Item>,
  economy: Economy,
): Collection<Key, List, Item> => {
  const lists = new Lists(kind, economy);
  const { saved } = economy;

  const lookUpsOf = (one: OneList<List, Item>): LookUps<Item> => {
    const single = (id: string): Promise<Item | null> => lookUps.single(id, kind.retrieve(one.list, id));
    const read: ReadByIds<Item> = async (ids) => {
      const coming = lists.coming(one);
      if (!coming && ids.length < WORTH_A_PAGE) return ids.map(single);
      const failed = await throughPages(one, ids, coming).catch((error: unknown) => ({ error }));
      return ids.map((id) => {
        const known = one.known.member(id);
        if (known) return known;
        if (!failed) return single(id);
        if (!isMissing(failed.error)) return Promise.reject(failed.error);
        // A missing list has no members; of what cannot even be an id, reading it says so.
        return isRestId(id) ? null : single(id);
      });
    };
    const lookUps = new LookUps(kind.type, read, saved);
    return lookUps;
  };

  /** Settles once the pages that are worth it have told of the members what they can. Rejects as the list does. */
  const throughPages = async (
    one: OneList<List, Item>,
    ids: readonly string[],
    coming: Promise<unknown> | undefined,
  ) => {
    const isKnown = (id: string) => one.known.member(id) !== undefined;
    let wanted = ids;
    if (coming) {
      await coming;
      wanted = ids.filter((id) => !isKnown(id));
      saved.coalesced += ids.length - wanted.length;
    }
    await lists.bring(one, { what: 'members', count: wanted.length, held: () => wanted.filter(isKnown).length });
  };

  const put = (key: Key, item: Item | null) => {
    lists.forget();
    const one = lists.at(kind.list(key));
    one.lookUps = lookUpsOf(one);
    one.lookUps.put(kind.id(key), item);
  };

  return {
    load(key) {
      const one = lists.at(kind.list(key));
      const id = kind.id(key);
      const known = one.known.member(id);
      if (known) saved.deduplicated += 1;
      return known ?? (one.lookUps ??= lookUpsOf(one)).load(id);
    },
    page: (list, window) => lists.page(list, window),
    wrote: (item) => put(kind.key(item), item),
    deleted: (key) => put(key, null),
    forget: () => lists.forget(),
  };
};
