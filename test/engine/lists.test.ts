import { beforeAll, expect, test } from 'vitest';
import { openEngine } from './openEngine.ts';
import { clientOf, textOf } from './client.ts';

// Seven messages of one second, read only.
let client: ReturnType<typeof clientOf>;
let threadId: string;
let ids: string[];

beforeAll(async () => {
  const engine = await openEngine({ dataPath: ':memory:' });
  client = clientOf(engine);
  ({ id: threadId } = await client.thread('1', '2', '3', '4', '5', '6', '7'));
  ids = (await client.messages(threadId, 'order=asc&limit=100')).data.map(({ id }) => id);
  return () => engine.close();
});

const list = (query: string) => client.messages(threadId, query);
const at = (position: number) => ids[position - 1] ?? '';

test('messages of the same second are listed in the order of creation', async () => {
  const { data } = await list('order=asc');
  expect(new Set(data.map(({ created_at }) => created_at)).size).toBeLessThanOrEqual(2);
  expect(data.map(textOf)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
});

test.each([
  ['', '7654321', false],
  ['order=asc', '1234567', false],
  ['limit=3', '765', true],
  ['order=asc&limit=7', '1234567', false],
  ['order=asc&limit=6', '123456', true],
  ['order=asc&after=3', '4567', false],
  ['order=asc&after=3&limit=2', '45', true],
  ['order=asc&after=5&limit=2', '67', false],
  ['order=asc&after=7', '', false],
  ['after=3', '21', false],
  ['after=7&limit=2', '65', true],
  ['order=asc&before=4', '123', false],
  ['order=asc&before=4&limit=2', '23', true],
  ['order=asc&before=3&limit=2', '12', false],
  ['order=asc&before=1', '', false],
  ['before=4', '765', false],
  ['before=4&limit=2', '65', true],
  ['before=7', '', false],
  ['order=asc&after=2&before=6', '345', false],
  ['order=asc&after=2&before=6&limit=2', '34', true],
  ['after=6&before=2', '543', false],
  ['after=6&before=7', '', false],
])('?%s', async (query, expected, hasMore) => {
  const page = await list(query.replace(/(after|before)=(\d)/gu, (_, name, place) => `${name}=${at(Number(place))}`));
  expect(page.data.map(textOf).join('')).toBe(expected);
  expect(page).toMatchObject({
    object: 'list',
    first_id: page.data.at(0)?.id ?? null,
    last_id: page.data.at(-1)?.id ?? null,
    has_more: hasMore,
  });
});

test('first_id and last_id of an empty list are null', async () => {
  const { id } = await client.thread();
  expect(await client.messages(id)).toEqual({
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  });
});
