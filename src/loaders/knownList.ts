import type { RestSortOrder } from '../wire/page.ts';

/** What is read of a page. */
export interface Page<Item> {
  data: readonly Item[];
  has_more: boolean;
}

/** At most `limit` members of a list (1 to 100), in `order`, from its beginning or from behind the member `after`. */
export interface PageWindow {
  limit: number;
  order: RestSortOrder;
  after?: string | undefined;
}

/** Members that follow each other, from the beginning of their list or from behind `after`. */
interface Stretch<Item> {
  order: RestSortOrder;
  after: string | undefined;
  items: readonly Item[];
  /** Whether others follow. */
  more: boolean;
}

/** What a request has learnt of one list so far: any page that lies within it need not be read again. */
export class KnownList<Item extends { id: string }> {
  #stretches: Stretch<Item>[] = [];
  #members: Map<string, Item> | undefined;
  /** Pages whose members are not among `#members` yet: of most lists nobody asks for a member. */
  #unsorted: (readonly Item[])[] = [];

  /** A member, by its id, where a page held it. */
  member(id: string): Item | undefined {
    if (this.#unsorted.length > 0) this.#sort();
    return this.#members?.get(id);
  }

  addMembers(items: readonly Item[]): void {
    this.#unsorted.push(items);
  }

  #sort() {
    this.#members ??= new Map();
    for (const items of this.#unsorted) for (const item of items) this.#members.set(item.id, item);
    this.#unsorted = [];
  }

  addPage({ order, after }: Omit<PageWindow, 'limit'>, { data, has_more: more }: Page<Item>): void {
    const before = this.#stretches.find((one) => one.order === order && one.items.at(-1)?.id === after);
    if (before !== undefined && after !== undefined) {
      before.items = before.items.concat(data);
      before.more = more;
      return;
    }
    const others = this.#stretches.filter((one) => one.order !== order || one.after !== after);
    this.#stretches = [...others, { order, after, items: data, more }];
  }

  /** The whole list and its order, once its end has been seen from its beginning. */
  whole(): { order: RestSortOrder; items: readonly Item[] } | undefined {
    return this.#stretches.find(({ after, more }) => after === undefined && !more);
  }

  /** What is known of a page; fewer than its limit where the rest is not. Undefined where that is nothing. */
  cut(window: PageWindow): Page<Item> | undefined {
    for (const stretch of this.#stretches) {
      const page = cutFrom(stretch, window);
      if (page) return page;
    }
    const whole = this.whole();
    if (!whole || whole.order === window.order) return undefined;
    const turned = { order: window.order, after: undefined, items: whole.items.toReversed(), more: false };
    this.#stretches.push(turned);
    return cutFrom(turned, window);
  }

  /** The newest members that are not known yet, as many as one call can bring; undefined where none are left. */
  newestUnknown(): PageWindow | undefined {
    if (this.whole()) return undefined;
    const newest = this.#stretches.find(({ order, after }) => order === 'desc' && after === undefined);
    return { limit: MAX_LIMIT, order: 'desc', after: newest?.items.at(-1)?.id };
  }
}

/** The REST API answers 400 above it. */
export const MAX_LIMIT = 100;

/** A page that holds no more than `limit`. */
export const firstOf = <Item>(page: Page<Item>, limit: number): Page<Item> =>
  page.data.length <= limit ? page : { data: page.data.slice(0, limit), has_more: true };

const cutFrom = <Item extends { id: string }>(stretch: Stretch<Item>, { order, after, limit }: PageWindow) => {
  const { items, more } = stretch;
  const start = stretch.order === order ? startIn(stretch, after) : undefined;
  if (start === undefined) return undefined;
  const end = start + limit;
  if (start === 0 && end >= items.length) return { data: items, has_more: more };
  return { data: items.slice(start, end), has_more: more || end < items.length };
};

/** Where in a stretch that which follows `after` begins; undefined where nothing of it is known. */
const startIn = <Item extends { id: string }>(stretch: Stretch<Item>, after: string | undefined) => {
  if (after === stretch.after) return 0;
  const { items, more } = stretch;
  const at = after === undefined ? -1 : items.findIndex(({ id }) => id === after);
  return at === -1 || (more && at === items.length - 1) ? undefined : at + 1;
};
