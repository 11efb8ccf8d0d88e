import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type StoredPage, type PageRequest, UnknownCursorError } from '../access/page.ts';

/** The positions strictly between two others, in the order of the list, read from one of the two ends. Undefined: to its end. */
export interface PositionRange<Position = number> {
  above: Position | undefined;
  below: Position | undefined;
  direction: 'asc' | 'desc';
  limit: number;
}

/**
 * Reads one page. With `before` alone, the page is the one adjacent to the cursor: it is read backwards and then reversed.
 * `positionOf` returns the position of a list member, also of a deleted one.
 * @throws {UnknownCursorError}
 */
export const readPage = async <Item, Position = number>(
  { limit, order, after, before }: PageRequest,
  positionOf: (id: string) => Promise<Position | undefined>,
  read: (range: PositionRange<Position>) => Promise<Item[]>,
): Promise<StoredPage<Item>> => {
  const place = async (param: 'after' | 'before', id: string | undefined): Promise<Position | undefined> => {
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
    above,
    below,
    direction: backwards === (order === 'asc') ? 'desc' : 'asc',
    limit: limit + 1, // One more than requested shows whether there are more.
  });
  const items = rows.slice(0, limit);
  return { items: backwards ? items.toReversed() : items, hasMore: rows.length > limit };
};

/** The SQL condition that a row is in the range, if the position is the order of insertion. */
export const isInRange = ({ above, below }: PositionRange): RawBuilder<SqlBool> =>
  sql<SqlBool>`seq > ${above ?? 0} and seq < ${below ?? Number.MAX_SAFE_INTEGER}`;
