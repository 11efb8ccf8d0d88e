/** What is read of a page. */
export interface Page<Item> {
  data: Item[];
  has_more: boolean;
}

/**
 * The pages of lists that one request has read: the same page twice is one REST call, and what it held is handed to
 * `onItem`, so that it is not fetched again.
 */
export class Pages<List, Query, Item> {
  readonly #lists = new Map<string, Map<string, Promise<Page<Item>>>>();
  readonly #options: PagesOptions<List, Query, Item>;

  constructor(options: PagesOptions<List, Query, Item>) {
    this.#options = options;
  }

  load(list: List, query: Query): Promise<Page<Item>> {
    const name = this.#options.name(list);
    const pages = this.#lists.get(name) ?? new Map<string, Promise<Page<Item>>>();
    this.#lists.set(name, pages);
    const key = JSON.stringify(query);
    const known = pages.get(key);
    if (known) return known;
    const page = this.#read(list, query);
    pages.set(key, page);
    return page;
  }

  /** Forgets what was read of one list, after a write that changed it. */
  clear(list: List) {
    this.#lists.delete(this.#options.name(list));
  }

  clearAll() {
    this.#lists.clear();
  }

  async #read(list: List, query: Query) {
    const page = await this.#options.read(list, query);
    for (const item of page.data) this.#options.onItem(item, query);
    return page;
  }
}

export interface PagesOptions<List, Query, Item> {
  /** Tells one list from another, such as a thread's id. */
  name(list: List): string;
  read(list: List, query: Query): Promise<Page<Item>>;
  onItem(item: Item, query: Query): void;
}
