import { expect, test } from 'vitest';
import { openEngine } from './openEngine.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { clientOf, requestTo, startClient } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { changeStored, settingMember } from './storedData.ts';

type Client = ReturnType<typeof clientOf>;

const listThreads = (client: Client, query = '') => client.get<RestPage<RestThread>>(`/threads?${query}`);
const names = ({ data }: RestPage<RestThread>) => data.map(({ metadata }) => metadata?.['name']).join('');

/** Seven threads named 1 to 7, each a second older than the next; those with odd names have the topic `odd`. */
const startSeven = async (dataPath = newDataPath()) => {
  const engine = await openEngine({ dataPath });
  const client = clientOf(engine);
  const ids: string[] = [];
  for (const name of '1234567') {
    const metadata = Number(name) % 2 === 1 ? { name, topic: 'odd', note: '' } : { name, topic: 'even' };
    ids.push((await client.post<RestThread>('/threads', { metadata })).id);
  }
  await engine.close();
  for (const [index, id] of ids.entries()) await changeStored(dataPath, createdAt(id, 1000 + index));
  return { client: await startClient({ dataPath }), ids, dataPath };
};

/** Sets when a thread was created. */
const createdAt = (id: string, time: number) => {
  const metadata = `update thread_metadata set created_at = ${time} where thread_seq = (select seq from threads where id = '${id}')`;
  const { sqlite, postgres } = settingMember('threads', 'created_at', time, true);
  const where = `where id = '${id}'`;
  return { sqlite: `${metadata}; ${sqlite} ${where}`, postgres: `${metadata}; ${postgres} ${where}` };
};

test.each([
  ['', '7654321', false],
  ['order=asc', '1234567', false],
  ['limit=3', '765', true],
  ['order=asc&after=3', '4567', false],
  ['order=asc&after=3&limit=2', '45', true],
  ['after=3', '21', false],
  ['order=asc&before=4&limit=2', '23', true],
  ['before=4', '765', false],
  ['order=asc&after=2&before=6', '345', false],
  ['metadata[topic]=odd', '7531', false],
  ['metadata[topic]=odd&order=asc&limit=2', '13', true],
  ['metadata[topic]=odd&order=asc&after=3', '57', false],
  ['metadata[topic]=odd&order=asc&after=4', '57', false],
  ['metadata[topic]=odd&before=3', '75', false],
  ['metadata[topic]=odd&metadata[name]=5', '5', false],
  ['metadata[topic]=even&metadata[name]=5', '', false],
  ['metadata[note]=', '7531', false],
  ['metadata[topic]=', '', false],
  ['metadata[absent]=odd', '', false],
  ['created_at[gt]=1002', '7654', false],
  ['created_at[gte]=1002', '76543', false],
  ['created_at[lt]=1002', '21', false],
  ['created_at[lte]=1002', '321', false],
  ['created_at[gt]=1001&created_at[gte]=1004&created_at[lte]=1005', '65', false],
  ['created_at[gte]=1002&order=asc&after=5', '67', false],
  ['created_at[gte]=1002&order=asc&after=1', '34567', false],
  ['created_at[lt]=1004&metadata[topic]=odd', '31', false],
])('GET /threads?%s', async (query, expected, hasMore) => {
  const { client, ids } = await startSeven();
  const page = await listThreads(
    client,
    query.replace(/(after|before)=(\d)/gu, (_, name: string, place: string) => `${name}=${ids[Number(place) - 1]}`),
  );
  expect(names(page)).toBe(expected);
  expect(page).toMatchObject({
    object: 'list',
    first_id: page.data.at(0)?.id ?? null,
    last_id: page.data.at(-1)?.id ?? null,
    has_more: hasMore,
  });
});

test('threads of one second are paged in the order of their creation', async () => {
  const { client, ids, dataPath } = await startSeven();
  await client.engine.close();
  for (const id of ids.slice(1, 6)) await changeStored(dataPath, createdAt(id, 1001));
  const again = await startClient({ dataPath });
  const at = (place: number) => ids[place - 1];
  expect(names(await listThreads(again, `order=asc&limit=3&after=${at(3)}`))).toBe('456');
  expect(names(await listThreads(again, `order=asc&after=${at(3)}`))).toBe('4567');
  expect(names(await listThreads(again, `after=${at(5)}`))).toBe('4321');
  expect(names(await listThreads(again, `order=asc&after=${at(2)}&before=${at(6)}`))).toBe('345');
  expect(names(await listThreads(again, `order=asc&before=${at(4)}&limit=2`))).toBe('23');
  expect(names(await listThreads(again, `after=${at(6)}&created_at[gte]=1001`))).toBe('5432');
  expect(names(await listThreads(again, `order=asc&after=${at(6)}&created_at[lt]=1001`))).toBe('');
  expect(names(await listThreads(again, `metadata[topic]=odd&order=asc&after=${at(3)}`))).toBe('57');
});

test('a listed thread is the thread as it is read by itself', async () => {
  const client = await startClient();
  await client.thread('unused');
  const assistant = await client.assistant();
  const run = await client.until(await client.start(assistant, 'hello'), 'completed');
  const { data } = await listThreads(client);
  expect(data).toHaveLength(2);
  for (const thread of data) expect(thread).toEqual(await client.get(`/threads/${thread.id}`));
  expect(data[0]).toMatchObject({ id: run.thread_id, usage: { total_tokens: run.usage?.total_tokens } });
});

test('threads are found by their latest metadata', async () => {
  const { client, ids } = await startSeven();
  await client.post(`/threads/${ids[1]}`, { metadata: { topic: 'odd' } });
  await client.post(`/threads/${ids[2]}`, { metadata: null });
  expect(names(await listThreads(client, 'order=asc&metadata[topic]=odd'))).toBe('1257');
  expect(names(await listThreads(client, 'order=asc&metadata[topic]=even'))).toBe('46');
  await client.remove(`/threads/${ids[0]}`);
  expect(names(await listThreads(client, 'order=asc&metadata[topic]=odd'))).toBe('257');
});

test('a thread that the filter excludes by now is still a cursor', async () => {
  const { client, ids } = await startSeven();
  await client.post(`/threads/${ids[4]}`, { metadata: { topic: 'even' } });
  expect(names(await listThreads(client, `order=asc&metadata[topic]=odd&after=${ids[4]}`))).toBe('7');
});

test('a deleted thread is still a cursor, also after a restart', async () => {
  const { client, ids, dataPath } = await startSeven();
  await client.remove(`/threads/${ids[2]}`);
  expect(names(await listThreads(client, `order=asc&after=${ids[2]}`))).toBe('4567');
  await client.engine.close();
  const second = await startClient({ dataPath });
  expect(names(await listThreads(second, `metadata[topic]=even&before=${ids[2]}`))).toBe('64');
});

test('threads of another tenant are neither listed nor cursors', async () => {
  const { engine } = await startClient();
  const send = async <Result>(tenant: string, method: string, path: string, body?: object): Promise<Result> =>
    JSON.parse(await (await engine.fetch(requestTo(method, path, body), tenant)).text());
  const mine = await send<RestThread>('a', 'POST', '/threads', { metadata: { topic: 'x' } });
  const other = await send<RestThread>('b', 'POST', '/threads', { metadata: { topic: 'x' } });
  for (const query of ['', 'metadata[topic]=x', 'created_at[gt]=1']) {
    const { data } = await send<RestPage<RestThread>>('a', 'GET', `/threads?${query}`);
    expect(data.map(({ id }) => id)).toEqual([mine.id]);
  }
  expect(await send('a', 'GET', `/threads?after=${other.id}`)).toMatchObject({ error: { param: 'after' } });
});

test.each([
  ['created_at[gt]=yesterday', 'created_at[gt]', 'an integer'],
  ['created_at[lte]=-1', 'created_at[lte]', '>= 0'],
  [`metadata[${'k'.repeat(65)}]=x`, 'metadata', '64'],
  [Array.from({ length: 17 }, (_, index) => `metadata[k${index}]=x`).join('&'), 'metadata', '16'],
  ['after=thread_unknown', 'after', 'thread_unknown'],
])('GET /threads?%s is rejected', async (query, param, words) => {
  const client = await startClient();
  const error = await client.errorOf('GET', `/threads?${query}`);
  expect(error).toMatchObject({ status: 400, param });
  expect(error.message).toContain(words);
});
