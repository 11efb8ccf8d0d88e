import { graphError, userInputError } from '../errors.ts';
import { MAX_LIMIT, type Page, type PageWindow } from '../loaders/knownList.ts';
import type { RestSortOrder } from '../wire/page.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

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
  page(window: PageWindow): Page<Item> | Promise<Page<Item>>;
}

export interface PageLimits {
  /** The most items that one connection may be asked for. */
  maxPageItems: number;
}

/** `first` and `last` unless told. */
const DEFAULT_SIZE = 20;

/**
 * The Relay connection of a REST list. Pages of up to 100 are followed until the size asked for is reached.
 *
 * Going backward reads the list in the opposite order from `before` on, and turns the result round: REST defines what
 * follows `after`, whereas which page its own `before` answers with is not the same on all servers.
 */
export const paginate = async <Item extends { id: string }>(
  args: ConnectionArgs,
  list: PagedList<Item>,
  limits: PageLimits,
  needs: { pageInfo: boolean },
): Promise<Connection<Item>> => {
  const { size, backward } = window(args, limits);
  const after = args.after == null ? null : decodeCursor(list.name, args.after, 'after');
  const before = args.before == null ? null : decodeCursor(list.name, args.before, 'before');
  const [start, stop] = backward ? [before, after] : [after, before];
  const order = opposite(args.order ?? 'desc', backward);

  const lookAhead = needs.pageInfo && stop !== null;
  const { items, more } =
    size === 0 && !needs.pageInfo
      ? { items: [], more: false }
      : await read(list, { size, order, start, stop, lookAhead });
  if (backward) items.reverse();
  const beyond = start !== null;
  return new Connection(items, list.name, backward ? [more, beyond] : [beyond, more]);
};

/** Items after `start` and before `stop` in the order given, at most `size`; `more` tells whether others follow before `stop`. */
const read = async <Item extends { id: string }>(list: PagedList<Item>, stretch: Stretch) => {
  const { size, order, start, stop, lookAhead } = stretch;
  const items: Item[] = [];
  let after = start;
  for (;;) {
    const wanted = size - items.length;
    // A size of 0 still asks for one item: that is how `more` is known. And what comes next may be `stop` itself.
    const limit = Math.min(Math.max(wanted + (lookAhead ? 1 : 0), 1), MAX_LIMIT);
    const page = await list.page({ limit, order, ...(after === null ? {} : { after }) });
    const [head] = page.data;
    if (after !== null && head && (head.id === after || items.some(({ id }) => id === head.id))) throw repeated(after);
    const end = stop === null ? -1 : page.data.findIndex(({ id }) => id === stop);
    const found = end === -1 ? page.data : page.data.slice(0, end);
    items.push(...found.slice(0, wanted));
    const surplus = found.length > wanted;
    const more = surplus || (end === -1 && page.has_more && head !== undefined);
    if (!more || (items.length >= size && (surplus || !lookAhead))) return { items, more };
    after = page.data.at(-1)?.id ?? null;
  }
};

interface Stretch {
  size: number;
  order: RestSortOrder;
  start: string | null;
  stop: string | null;
  /** Whether `more` must be certain where `stop` is set, which takes a look at the item behind the last one. */
  lookAhead: boolean;
}

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

/** An edge works out its cursor only where one is asked for. */
export class Edge<Item extends { id: string }> {
  readonly node: Item;
  readonly #list: string;

  constructor(node: Item, list: string) {
    this.node = node;
    this.#list = list;
  }

  get cursor() {
    return encodeCursor(this.#list, this.node.id);
  }
}

/** A Relay connection: what GraphQL reads of it is worked out when it is read. */
export class Connection<Item extends { id: string }> {
  readonly edges: Edge<Item>[];
  readonly pageInfo: {
    hasPreviousPage: boolean;
    hasNextPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };

  constructor(items: Item[], list: string, [hasPreviousPage, hasNextPage]: [boolean, boolean]) {
    this.edges = items.map((item) => new Edge(item, list));
    const { edges } = this;
    this.pageInfo = {
      hasPreviousPage,
      hasNextPage,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    };
  }
}
