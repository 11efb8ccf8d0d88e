import { isMissing } from '../rest/errors/apiError.ts';
import { isRestId } from '../rest/path.ts';
import { type Economy, WORTH_A_PAGE } from './economy.ts';
import { groupedBy } from './grouped.ts';
import type { Page, PageWindow } from './knownList.ts';
import { type ListKind, Lists, type OneList } from './lists.ts';
import { joined, lookUps, orNull } from './lookUps.ts';

/** A type of which every object is the member of a list. */
export interface Kind<Key, List, Item> extends ListKind<List, Item> {
  key(item: Item): Key;
  /** The object's own id. */
  id(key: Key): string;
  /** The list that it is a member of. */
  list(key: Key): List;
  retrieve(key: Key): Promise<Item>;
}

/** The objects of one type, as one request knows them. */
export interface Collection<Key, List, Item> {
  /** The object, or null where it does not exist. */
  load(key: Key): Item | Promise<Item | null>;
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
  const single = (key: Key) => orNull(kind.retrieve(key));

  const read = (keys: readonly Key[]) => {
    const answers = new Map<Key, Promise<Item | null>>();
    for (const [one, members] of groupedBy(keys, (key) => lists.at(kind.list(key)))) readMembers(one, members, answers);
    return keys.map((key) => answers.get(key) ?? single(key));
  };

  const readMembers = (one: OneList<List, Item>, keys: Key[], answers: Map<Key, Promise<Item | null>>) => {
    const coming = lists.coming(one);
    if (!coming && keys.length < WORTH_A_PAGE) return;
    const failure = throughPages(one, keys, coming).then(
      () => undefined,
      (error: unknown) => error,
    );
    const answer = async (key: Key) => {
      const failed = await failure;
      const known = one.known.member(kind.id(key));
      if (known) return known;
      // A missing list has no members; of what cannot even be an id, reading it says so.
      if (isMissing(failed) && isRestId(kind.id(key))) return null;
      if (failed === undefined || isMissing(failed)) return single(key);
      throw failed;
    };
    for (const key of keys) answers.set(key, answer(key));
  };

  /** Settles once the pages that are worth it have told of the keys what they can. Rejects as the list does. */
  const throughPages = async (one: OneList<List, Item>, keys: Key[], coming: Promise<unknown> | undefined) => {
    const isKnown = (key: Key) => one.known.member(kind.id(key)) !== undefined;
    if (coming) {
      await coming;
      saved.coalesced += keys.filter(isKnown).length;
    }
    const wanted = coming ? keys.filter((key) => !isKnown(key)) : keys;
    await lists.bring(one, { what: 'members', count: wanted.length, held: () => wanted.filter(isKnown).length });
  };

  const name = (key: Key) => joined(kind.name(kind.list(key)), kind.id(key));
  const byKey = lookUps({ type: kind.type, name, read }, saved);

  return {
    load(key) {
      const known = lists.at(kind.list(key)).known.member(kind.id(key));
      if (known) saved.deduplicated += 1;
      return known ?? byKey.load(key);
    },
    page: (list, window) => lists.page(list, window),
    wrote(item) {
      this.forget();
      byKey.put(kind.key(item), item);
    },
    deleted(key) {
      this.forget();
      byKey.put(key, null);
    },
    forget() {
      lists.forget();
      byKey.forget();
    },
  };
};
