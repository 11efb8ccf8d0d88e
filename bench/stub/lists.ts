/** A list of REST objects that is read page by page, each item serialised once. */
export class List<Item extends { id: string }> {
  readonly #items: readonly Item[];
  readonly #json = new Map<string, string>();

  /** `items`: the oldest first. */
  constructor(items: readonly Item[]) {
    this.#items = items;
    for (const item of items) this.#json.set(item.id, JSON.stringify(item));
  }

  one(id: string): string | undefined {
    return this.#json.get(id);
  }

  /** One page, as the REST API returns it. `keep` filters the list before it is cut. */
  page(query: URLSearchParams, keep: (item: Item) => boolean = () => true): string {
    const kept = this.#items.filter(keep);
    const ordered = query.get('order') === 'asc' ? kept : kept.toReversed();
    const after = ordered.findIndex(({ id }) => id === query.get('after'));
    const before = ordered.findIndex(({ id }) => id === query.get('before'));
    const window = ordered.slice(after + 1, before === -1 ? undefined : before);
    const limit = Number(query.get('limit') ?? 20);
    const ids = window.slice(0, limit).map(({ id }) => id);
    const data = ids.map((id) => this.#json.get(id)).join(',');
    const ends = `"first_id":${idOrNull(ids[0])},"last_id":${idOrNull(ids.at(-1))}`;
    return `{"object":"list","data":[${data}],${ends},"has_more":${window.length > limit}}`;
  }
}

const idOrNull = (id: string | undefined) => (id === undefined ? 'null' : JSON.stringify(id));
