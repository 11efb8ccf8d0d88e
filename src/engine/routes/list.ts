import type { RestPage } from '../../wire/page.ts';
import type { StoredPage } from '../store/access/page.ts';

/** A page in the API's list envelope. */
export const listOf = <Item extends { id: string }>({
  items,
  hasMore,
}: StoredPage<Item>): { json: RestPage<Item> } => ({
  json: {
    object: 'list',
    data: items,
    first_id: items.at(0)?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  },
});
