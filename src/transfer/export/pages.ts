import type { RestSortOrder } from '../../wire/page.ts';
import { TransferError } from '../transferError.ts';
import type { Page } from './inOrder.ts';

/** The REST API returns 400 for a larger limit. */
const limit = 100;

interface ListRequest {
  limit: number;
  order: RestSortOrder;
  after: string | undefined;
}

type ReadList<Item> = (request: ListRequest) => Promise<{ data: Item[]; has_more: boolean }>;

/** All pages of a list, oldest first, from its beginning or after the member `after`. `name` is that of its items. */
export async function* listPages<Item extends { id: string }>(
  name: string,
  read: ReadList<Item>,
  after?: string,
): AsyncGenerator<Item[]> {
  for (let cursor = after; ; ) {
    const { data, has_more: hasMore } = await read({ limit, order: 'asc', after: cursor });
    const last = data.at(-1)?.id;
    if (cursor !== undefined && (last === cursor || data[0]?.id === cursor)) {
      throw new TransferError(
        `The upstream returned the same ${name} again instead of those after ${cursor}: it does not support \`after\`.`,
      );
    }
    if (data.length > 0) yield data;
    if (!hasMore || last === undefined) return;
    cursor = last;
  }
}

/** The lines of objects. */
export const linesOf = (objects: readonly object[]): string[] => objects.map((object) => JSON.stringify(object));

/** As `listPages`, as they are written. */
export async function* pagesOf<Item extends { id: string }>(
  name: string,
  read: ReadList<Item>,
  after?: string,
): AsyncGenerator<Page> {
  for await (const items of listPages(name, read, after)) yield { name, lines: linesOf(items) };
}
