import type { RestSortOrder } from '../../../wire/page.ts';

/** Which page of a list to read. Cursors are ids of list members; `limit` is 1 to 100, or to 10,000 for files. */
export interface PageRequest {
  limit: number;
  order: RestSortOrder;
  after?: string | undefined;
  before?: string | undefined;
}

/** Items in the requested order. `hasMore` is whether there are more in the direction of reading. */
export interface StoredPage<Item> {
  items: Item[];
  hasMore: boolean;
}

/** A cursor that is not, and was not, a member of the list. */
export class UnknownCursorError extends Error {
  override readonly name = 'UnknownCursorError';
  readonly param: 'after' | 'before';
  readonly id: string;

  constructor(param: 'after' | 'before', id: string) {
    super(`${param}: no member of this list has the id ${id}`);
    this.param = param;
    this.id = id;
  }
}
