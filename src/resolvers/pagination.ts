import { graphError, userInputError } from '../context/errors.ts';
import { firstOf, MAX_LIMIT, type ListPage, type PageWindow } from '../loaders/knownList.ts';
import type { RestSortOrder } from '../wire/page.ts';
import { Connection } from './connection.ts';
import { decodeCursor } from './cursor.ts';

/** The arguments of every connection, as GraphQL hands them over. */
export interface ConnectionArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  order?: RestSortOrder | null | undefined;
}

/** A REST list, ready to be read page by page. */
export interface PagedList<Item> {
  /** Names the list in its cursors, such as `messages/thread_1`. */
  name: string;
  /** A page, which may hold more than was asked for. */
  page(window: PageWindow): ListPage<Item> | Promise<ListPage<Item>>;
}

export interface PageLimits {
  /** The most items that one connection may be asked for. */
  maxPageItems: number;
}

/** `first` and `last` unless told. */
const DEFAULT_SIZE = 20;

/**
 * The Relay connection of a REST list. Pages of up to 100 are followed until the size asked for is reached. Any failure is a
 * rejection, so that no field beside this one is waited for before it is told.
 *
 * Going backward reads the list in the opposite order from `before` on, and turns the result round: REST defines what
 * follows `after`, whereas which page its own `before` answers with is not the same on all servers.
 */
export const paginate = <Item extends { id: string }>(
  args: ConnectionArgs,
  list: PagedList<Item>,
  limits: PageLimits,
  needs: { pageInfo: boolean },
): Connection<Item> | Promise<Connection<Item>> => {
  try {
    const stretch = stretchOf(args, list.name, limits, needs);
    return stretch.size === 0 && !needs.pageInfo
      ? connectionOf(stretch, [], false)
      : read(list, stretch, [], stretch.start);
  } catch (error) {
    return Promise.reject(error);
  }
};

/** What a connection is made of, as it is read. */
interface Stretch {
  list: string;
  size: number;
  backward: boolean;
  order: RestSortOrder;
  /** The ids of the members that it stands between. */
  start: string | undefined;
  stop: string | undefined;
  /** Whether what follows must be certain where `stop` is set, which takes a look at the item behind the last one. */
  lookAhead: boolean;
}

const stretchOf = (args: ConnectionArgs, list: string, limits: PageLimits, needs: { pageInfo: boolean }): Stretch => {
  const { size, backward } = window(args, limits);
  const after = args.after == null ? undefined : decodeCursor(list, args.after, 'after');
  const before = args.before == null ? undefined : decodeCursor(list, args.before, 'before');
  const [start, stop] = backward ? [before, after] : [after, before];
  const order = opposite(args.order ?? 'desc', backward);
  return { list, size, backward, order, start, stop, lookAhead: needs.pageInfo && stop !== undefined };
};

/** `more` tells whether others follow the items before `stop`. */
const connectionOf = <Item extends { id: string }>(
  { list, backward, start }: Stretch,
  items: readonly Item[],
  more: boolean,
) => {
  const beyond = start !== undefined;
  return backward ? new Connection(items.toReversed(), list, more, beyond) : new Connection(items, list, beyond, more);
};

/** Of the items that are there and those that follow `after`: at most `size`, and before `stop`, in the order given. */
const read = <Item extends { id: string }>(
  list: PagedList<Item>,
  stretch: Stretch,
  items: readonly Item[],
  after: string | undefined,
): Connection<Item> | Promise<Connection<Item>> => {
  const { size, order, stop, lookAhead } = stretch;
  const wanted = size - items.length;
  // A size of 0 still asks for one item: that is how `more` is known. And what comes next may be `stop` itself.
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
    if (!more || (all.length >= size && (surplus || !lookAhead))) return connectionOf(stretch, all, more);
    return read(list, stretch, all, data.at(-1)?.id);
  };
  const page = list.page({ limit, order, after });
  return page instanceof Promise ? page.then(add) : add(page);
};

/** A server that takes no notice of `after` would be followed for ever. */
const repeated = (after: string) =>
  graphError(
    'UPSTREAM_INVALID_RESPONSE',
    `The upstream listed the same items again, instead of those after ${after}: it does not page as the API promises.`,
  );

const opposite = (order: RestSortOrder, turned: boolean): RestSortOrder =>
  turned ? (order === 'asc' ? 'desc' : 'asc') : order;

/** The size asked for and the end that it is counted from; throws BAD_USER_INPUT where the arguments contradict each other. */
const window = ({ first, last, after, before }: ConnectionArgs, { maxPageItems }: PageLimits) => {
  if (first != null && last != null) {
    throw userInputError('`first` and `last` cannot go together: ask for one of them.');
  }
  const size = first ?? last ?? DEFAULT_SIZE;
  const argument = last == null ? 'first' : 'last';
  if (size < 0) throw userInputError(`\`${argument}\` must be 0 or more, got ${size}.`);
  if (size > maxPageItems) {
    throw userInputError(
      `\`${argument}\` must be ${maxPageItems} or less, got ${size}: page on with \`after\` or \`before\`.`,
    );
  }
  const backward = last != null || (first == null && before != null && after == null);
  return { size, backward };
};
