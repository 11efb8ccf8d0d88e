import { refusal, type UpstreamCall } from '../support/upstream.ts';

/** Lists `items`, which are ordered oldest first, as the REST API does: newest first by default, up to 100 per page. */
export const restList =
  (items: { id: string }[]) =>
  ({ query }: UpstreamCall) => {
    const { limit = '20', order = 'desc', after } = query;
    const size = Number(limit);
    if (!(size >= 1 && size <= 100)) return refusal(400, `Invalid 'limit': ${limit}.`);
    const ordered = order === 'asc' ? items : items.toReversed();
    const following = after === undefined ? ordered : ordered.slice(ordered.findIndex(({ id }) => id === after) + 1);
    const data = following.slice(0, size);
    return {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: following.length > size,
    };
  };

/** `a001`, `a002`, …, oldest first. */
export const listed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `a${String(index + 1).padStart(3, '0')}` }));
