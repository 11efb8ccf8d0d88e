import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Page, type PageRequest, UnknownCursorError } from './store.ts';

/** A stretch of the order of insertion: what lies strictly between two places, read from one of its ends. */
export interface Stretch {
  above: number;
  below: number;
  direction: 'asc' | 'desc';
  limit: number;
}

/**
 * Reads one page. With `before` alone, the page is the one next to the cursor: it is read away from the cursor and then
 * turned round. `placeOf` tells where in the order of insertion a member of the list stands.
 * @throws {UnknownCursorError}
 */
export const readPage = async <Item>(
  { limit, order, after, before }: PageRequest,
  placeOf: (id: string) => Promise<number | undefined>,
  read: (stretch: Stretch) => Promise<Item[]>,
): Promise<Page<Item>> => {
  const place = async (param: 'after' | 'before', id: string | undefined) => {
    if (id === undefined) return undefined;
    const found = await placeOf(id);
    if (found === undefined) throw new UnknownCursorError(param, id);
    return found;
  };
  const start = await place('after', after);
  const end = await place('before', before);
  const [above, below] = order === 'asc' ? [start, end] : [end, start];
  const backwards = start === undefined && end !== undefined;
  const rows = await read({
    above: above ?? 0,
    below: below ?? Number.MAX_SAFE_INTEGER,
    direction: backwards === (order === 'asc') ? 'desc' : 'asc',
    limit: limit + 1, // One more than wanted tells whether there are more.
  });
  const items = rows.slice(0, limit);
  return { items: backwards ? items.toReversed() : items, hasMore: rows.length > limit };
};

/** The condition that a row lies in the stretch. */
export const isWithin = ({ above, below }: Stretch): RawBuilder<SqlBool> =>
  sql<SqlBool>`seq > ${above} and seq < ${below}`;
