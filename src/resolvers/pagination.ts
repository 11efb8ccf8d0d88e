import { graphError, userInputError } from '../context/errors.ts';
import { firstOf, MAX_LIMIT, type ListPage, type PageWindow } from '../loaders/knownList.ts';
import type { RestSortOrder } from '../wire/page.ts';
import { Connection } from './connection.ts';
import { decodeCursor } from './cursor.ts';

/** The arguments of every connection. */
export interface ConnectionArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  order?: RestSortOrder | null | undefined;
}

/** A REST list that can be read page by page. */
export interface PagedList<Item> {
  /** The name of the list in cursors, such as `messages/thread_1`. */
  name: string;
  /** A page, which may have more items than requested. */
  page(window: PageWindow): ListPage<Item> | Promise<ListPage<Item>>;
}

export interface PageLimits {
  /** The maximum of `first` and `last`. */
  maxPageItems: number;
}

/** The number of items if neither `first` nor `last` is given. */
export const DEFAULT_PAGE_ITEMS = 20;

/**
 * The Relay connection of a REST list. Pages of up to 100 items are read until the requested size is reached. Any failure is a
 * rejection, also of the arguments.
 *
 * Paginating backward reads the list in the opposite order, from `before` on, and reverses the result. The `before` of the REST
 * API is not used: servers differ in which page it returns.
 */
export const paginate = <Item extends { id: string }>(
  args: ConnectionArgs,
  list: PagedList<Item>,
  limits: PageLimits,
  needs: { pageInfo: boolean },
): Connection<Item> | Promise<Connection<Item>> => {
  try {
    const range = rangeOf(args, list.name, limits, needs);
    return range.size === 0 && !needs.pageInfo ? connectionOf(range, [], false) : read(list, range, [], range.start);
  } catch (error) {
    return Promise.reject(error);
  }
};

/** The part of a list that a connection shows. */
interface ListRange {
  list: string;
  size: number;
  backward: boolean;
  order: RestSortOrder;
  /** The REST ids of the items just before and just after it, in reading order. */
  start: string | undefined;
  stop: string | undefined;
  /** Whether to read one item more than requested: with `stop`, that is how it is known whether others follow. */
  lookAhead: boolean;
}

const rangeOf = (args: ConnectionArgs, list: string, limits: PageLimits, needs: { pageInfo: boolean }): ListRange => {
  const { size, backward } = window(args, limits);
  const after = args.after == null ? undefined : decodeCursor(list, args.after, 'after');
  const before = args.before == null ? undefined : decodeCursor(list, args.before, 'before');
  const [start, stop] = backward ? [before, after] : [after, before];
  const order = opposite(args.order ?? 'desc', backward);
  return { list, size, backward, order, start, stop, lookAhead: needs.pageInfo && stop !== undefined };
};

/** `more`: whether other items follow before `stop`. */
const connectionOf = <Item extends { id: string }>(
  { list, backward, start }: ListRange,
  items: readonly Item[],
  more: boolean,
) => {
  const beyond = start !== undefined;
  return backward ? new Connection(items.toReversed(), list, more, beyond) : new Connection(items, list, beyond, more);
};

/** Adds to `items` those that follow `after`, up to `size` items and up to `stop`. */
const read = <Item extends { id: string }>(
  list: PagedList<Item>,
  range: ListRange,
  items: readonly Item[],
  after: string | undefined,
): Connection<Item> | Promise<Connection<Item>> => {
  const { size, order, stop, lookAhead } = range;
  const wanted = size - items.length;
  // A size of 0 still requests one item, to know `more`. The next item may be `stop` itself.
  const limit = Math.min(Math.max(wanted + (lookAhead ? 1 : 0), 1), MAX_LIMIT);

  const add = (page: ListPage<Item>) => {
    const { data, has_more: hasMore } = firstOf(page, limit);
    const [head] = data;
    if (after !== undefined && head && (head.id === after || items.some(({ id }) => id === head.id))) {
      throw repeated(after);
    }
    const end = stop === undefined ? -1 : data.findIndex(({ id }) => id === stop);
    const found = end === -1 ? data : data.slice(0, end);
    const surplus = found.length > wanted;
    const more = surplus || (end === -1 && hasMore && head !== undefined);
    const fitting = surplus ? found.slice(0, wanted) : found;
    const all = items.length === 0 ? fitting : items.concat(fitting);
    if (!more || (all.length >= size && (surplus || !lookAhead))) return connectionOf(range, all, more);
    return read(list, range, all, data.at(-1)?.id);
  };
  const page = list.page({ limit, order, after });
  return page instanceof Promise ? page.then(add) : add(page);
};

/** Without this error, the pages of a server that ignores `after` would be read forever. */
const repeated = (after: string) =>
  graphError(
    'UPSTREAM_INVALID_RESPONSE',
    `The upstream returned the same items again instead of those after ${after}. It does not support \`after\`.`,
  );

const opposite = (order: RestSortOrder, turned: boolean): RestSortOrder =>
  turned ? (order === 'asc' ? 'desc' : 'asc') : order;

/** The requested size and direction. Throws BAD_USER_INPUT if the arguments contradict each other or exceed the limit. */
const window = ({ first, last, after, before }: ConnectionArgs, { maxPageItems }: PageLimits) => {
  if (first != null && last != null) {
    throw userInputError('`first` and `last` cannot be combined. Use one of them.');
  }
  const size = first ?? last ?? DEFAULT_PAGE_ITEMS;
  const argument = last == null ? 'first' : 'last';
  if (size < 0) throw userInputError(`\`${argument}\` must be 0 or more, got ${size}.`);
  if (size > maxPageItems) {
    throw userInputError(
      `\`${argument}\` must be ${maxPageItems} or less, got ${size}. Use \`after\` or \`before\` to read further pages.`,
    );
  }
  const backward = last != null || (first == null && before != null && after == null);
  return { size, backward };
};
