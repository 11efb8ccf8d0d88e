import { expect, test, vi } from 'vitest';
import { openEngine } from './openEngine.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import { clientOf, startClient, textOf } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { changeStored, storedRows } from './storedData.ts';

const names = ['1', '2', '3', '4', '5'];

type Client = ReturnType<typeof clientOf>;

/** Two lists of five objects named 1 to 5, the third of which has been deleted: its id, and the path of the list. */
const lists = {
  assistants: async (client: Client) => {
    const ids: string[] = [];
    for (const name of names) ids.push((await client.assistant({ name })).id);
    await client.remove(`/assistants/${ids[2]}`);
    return { third: ids[2], path: '/assistants' };
  },
  messages: async (client: Client) => {
    const { id } = await client.thread(...names);
    const third = (await client.messages(id)).data[2]?.id;
    await client.remove(`/threads/${id}/messages/${third}`);
    return { third, path: `/threads/${id}/messages` };
  },
};

/** The names of the objects on a page, in their order. */
const namesOn = async (client: Client, path: string) =>
  (await client.get<RestPage<RestAssistant | RestMessage>>(path)).data
    .map((object) => (object.object === 'assistant' ? object.name : textOf(object)))
    .join('');

test.each([
  ['assistants', 'order=asc&after=', '45'],
  ['assistants', 'order=asc&before=', '12'],
  ['assistants', 'after=', '21'],
  ['assistants', 'before=', '54'],
  ['assistants', 'order=asc&limit=1&after=', '4'],
  ['messages', 'order=asc&after=', '45'],
  ['messages', 'order=asc&before=', '12'],
  ['messages', 'after=', '21'],
  ['messages', 'before=', '54'],
  ['messages', 'order=asc&limit=1&before=', '2'],
] as const)('in the list of %s, ?%s with a deleted object starts next to its place', async (kind, query, expected) => {
  const client = await startClient();
  const { third, path } = await lists[kind](client);
  expect(await namesOn(client, `${path}?${query}${third}`)).toBe(expected);
});

test('a deleted object is still a cursor after a restart', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const assistants = await lists.assistants(first);
  const messages = await lists.messages(first);
  await first.engine.close();
  const second = await startClient({ dataPath });
  for (const { third, path } of [assistants, messages]) {
    expect(await namesOn(second, `${path}?order=asc&after=${third}`)).toBe('45');
  }
});

test('a message that was deleted from one thread is no cursor of another', async () => {
  const client = await startClient();
  const { third } = await lists.messages(client);
  const { id } = await client.thread('hello');
  expect(await client.errorOf('GET', `/threads/${id}/messages?after=${third}`)).toMatchObject({
    status: 400,
    code: 'invalid_value',
    param: 'after',
    message: `Invalid 'after': '${third}'. Expected the ID of an object in this list.`,
  });
});

test('a deleted message of a run is a cursor of the messages of that run only', async () => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'completed');
  const [completion] = (await client.messages(run.thread_id, `run_id=${run.id}`)).data;
  await client.remove(`/threads/${run.thread_id}/messages/${completion?.id}`);
  expect((await client.messages(run.thread_id, `run_id=${run.id}&after=${completion?.id}`)).data).toEqual([]);
  expect((await client.messages(run.thread_id, `after=${completion?.id}`)).data.map(textOf)).toEqual(['hello']);
  expect(
    await client.errorOf('GET', `/threads/${run.thread_id}/messages?run_id=run_other&after=${completion?.id}`),
  ).toMatchObject({ status: 400, param: 'after' });
});

test('the positions of deleted messages are deleted with their thread', async () => {
  const dataPath = newDataPath();
  const client = clientOf(await openEngine({ dataPath }));
  const { id } = await client.thread('one', 'two');
  for (const message of (await client.messages(id)).data) await client.remove(`/threads/${id}/messages/${message.id}`);
  await client.remove(`/threads/${id}`);
  const counted = () => storedRows(dataPath, 'select count(*) as count from deleted_messages');
  await vi.waitFor(async () => expect(await counted()).toEqual([{ count: 0 }]));
  await client.engine.close();
});

test('the positions of the latest 10,000 deleted assistants are kept', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const { third } = await lists.assistants(first);
  await first.engine.close();
  await changeStored(dataPath, {
    sqlite: "update sqlite_sequence set seq = 9999 where name = 'deleted_assistants'",
    postgres: "select setval('deleted_assistants_deletion_seq', 9999)",
  });
  const client = await startClient({ dataPath });
  const [one, two] = (await client.get<RestPage<RestAssistant>>('/assistants?order=asc')).data;
  await client.remove(`/assistants/${one?.id}`);
  expect((await client.get<RestPage<RestAssistant>>(`/assistants?after=${third}`)).data).toEqual([two]);
  await client.remove(`/assistants/${two?.id}`);
  expect(await client.errorOf('GET', `/assistants?after=${third}`)).toMatchObject({ status: 400, param: 'after' });
});
