import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type StoredPage, type PageRequest, UnknownCursorError } from './store.ts';

/** The positions strictly between two others, in the order of insertion, read from one of the two ends. */
export interface PositionRange {
  above: number;
  below: number;
  direction: 'asc' | 'desc';
  limit: number;
}

/**
 * Reads one page. With `before` alone, the page is the one adjacent to the cursor: it is read backwards and then reversed.
 * `positionOf` returns the position of a list member, also of a deleted one.
 * @throws {UnknownCursorError}
 */
export const readPage = async <Item>(
  { limit, order, after, before }: PageRequest,
  positionOf: (id: string) => Promise<number | undefined>,
  read: (range: PositionRange) => Promise<Item[]>,
): Promise<StoredPage<Item>> => {
  const place = async (param: 'after' | 'before', id: string | undefined) => {
    if (id === undefined) return undefined;
    const found = await positionOf(id);
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
    limit: limit + 1, // One more than requested shows whether there are more.
  });
  const items = rows.slice(0, limit);
  return { items: backwards ? items.toReversed() : items, hasMore: rows.length > limit };
};

/** The SQL condition that a row is in the range. */
export const isInRange = ({ above, below }: PositionRange): RawBuilder<SqlBool> =>
  sql<SqlBool>`seq > ${above} and seq < ${below}`;
