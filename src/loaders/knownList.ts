import type { RestSortOrder } from '../wire/page.ts';

/** A page of a list, as far as it is used. */
export interface ListPage<Item> {
  data: readonly Item[];
  has_more: boolean;
}

/** At most `limit` members of a list (1 to 100), in `order`, from its beginning or after the member `after`. */
export interface PageWindow {
  limit: number;
  order: RestSortOrder;
  after?: string | undefined;
}

/** Consecutive members of a list, from its beginning or after the member `after`. */
interface Segment<Item> {
  order: RestSortOrder;
  after: string | undefined;
  items: readonly Item[];
  /** Whether more members follow. */
  more: boolean;
}

/** The part of one list that a request has read: no page within it is read again. */
export class KnownList<Item extends { id: string }> {
  #segments: Segment<Item>[] = [];
  #members: Map<string, Item> | undefined;
  /** Pages not yet in `#members`: most lists are never used by member. */
  #unindexed: (readonly Item[])[] = [];

  /** A member by its id, if a page held it. */
  member(id: string): Item | undefined {
    if (this.#unindexed.length > 0) this.#index();
    return this.#members?.get(id);
  }

  addMembers(items: readonly Item[]): void {
    this.#unindexed.push(items);
  }

  #index() {
    this.#members ??= new Map();
    for (const items of this.#unindexed) for (const item of items) this.#members.set(item.id, item);
    this.#unindexed = [];
  }

  addPage({ order, after }: Omit<PageWindow, 'limit'>, { data, has_more: more }: ListPage<Item>): void {
    const before = this.#segments.find((one) => one.order === order && one.items.at(-1)?.id === after);
    if (before !== undefined && after !== undefined) {
      before.items = before.items.concat(data);
      before.more = more;
      return;
    }
    const others = this.#segments.filter((one) => one.order !== order || one.after !== after);
    this.#segments = [...others, { order, after, items: data, more }];
  }

  /** The whole list and its order, if it was read from beginning to end. */
  complete(): { order: RestSortOrder; items: readonly Item[] } | undefined {
    return this.#segments.find(({ after, more }) => after === undefined && !more);
  }

  /** The known part of a page, fewer items than its limit if the rest is unknown. Undefined if no part is known. */
  page(window: PageWindow): ListPage<Item> | undefined {
    for (const segment of this.#segments) {
      const page = pageFrom(segment, window);
      if (page) return page;
    }
    const complete = this.complete();
    if (!complete || complete.order === window.order) return undefined;
    const reversed = { order: window.order, after: undefined, items: complete.items.toReversed(), more: false };
    this.#segments.push(reversed);
    return pageFrom(reversed, window);
  }

  /** The newest unknown members, as many as one call returns; undefined if there are none. */
  newestUnknown(): PageWindow | undefined {
    if (this.complete()) return undefined;
    const newest = this.#segments.find(({ order, after }) => order === 'desc' && after === undefined);
    return { limit: MAX_LIMIT, order: 'desc', after: newest?.items.at(-1)?.id };
  }
}

/** The REST API returns 400 for a larger limit. */
export const MAX_LIMIT = 100;

/** The page, cut to `limit` items. */
export const firstOf = <Item>(page: ListPage<Item>, limit: number): ListPage<Item> =>
  page.data.length <= limit ? page : { data: page.data.slice(0, limit), has_more: true };

const pageFrom = <Item extends { id: string }>(segment: Segment<Item>, { order, after, limit }: PageWindow) => {
  const { items, more } = segment;
  const start = segment.order === order ? startIn(segment, after) : undefined;
  if (start === undefined) return undefined;
  const end = start + limit;
  if (start === 0 && end >= items.length) return { data: items, has_more: more };
  return { data: items.slice(start, end), has_more: more || end < items.length };
};

/** The index in a segment of the member that follows `after`; undefined if it is unknown. */
const startIn = <Item extends { id: string }>(segment: Segment<Item>, after: string | undefined) => {
  if (after === segment.after) return 0;
  const { items, more } = segment;
  const at = after === undefined ? -1 : items.findIndex(({ id }) => id === after);
  return at === -1 || (more && at === items.length - 1) ? undefined : at + 1;
};
