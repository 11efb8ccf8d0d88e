import { expect, test, vi } from 'vitest';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { clientOf, scriptedModel, startClient } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { openEngine } from './openEngine.ts';
import { changeStored, storedRows } from './storedData.ts';

const tables = [
  'threads',
  'messages',
  'deleted_messages',
  'runs',
  'steps',
  'run_events',
  'thread_usage',
  'thread_metadata',
];

const countsIn = async (dataPath: string) => {
  const counts = tables.map((table) => `(select count(*) from ${table}) as ${table}`).join();
  const [row] = (await storedRows(dataPath, `select ${counts}`)) as Record<string, number>[];
  return row;
};

const nothing = Object.fromEntries(tables.map((table) => [table, 0]));

/** A data file with a thread of `count` messages, copies of one that a run of the engine wrote, and of `count` events of that run. */
const fileWith = async (count: number) => {
  const dataPath = newDataPath();
  const client = clientOf(await openEngine({ dataPath }));
  const run = await client.start(await client.assistant(), 'hello', { metadata: { topic: 'x' } });
  await client.until(run, 'completed');
  const [first] = (await client.messages(run.thread_id)).data;
  await client.remove(`/threads/${run.thread_id}/messages/${first?.id}`);
  await client.engine.close();
  await changeStored(
    dataPath,
    `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
     insert into messages (id, thread_id, run_id, object)
     select 'msg_' || n, thread_id, run_id, replace(object, messages.id, 'msg_' || n) from numbers, messages;
     with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
     insert into run_events (run_id, sequence, event, data) select '${run.id}', 1000 + n, 'thread.message.delta', '{}' from numbers;
     update threads set message_count = message_count + ${count};`,
  );
  return { dataPath, threadId: run.thread_id };
};

test('a deleted thread is gone for its clients before any of its rows is removed, and its id stays a cursor', async () => {
  const { dataPath, threadId } = await fileWith(10);
  const client = clientOf(await openEngine({ dataPath, startsWorkers: false }));
  const older = await client.thread();
  const before = await countsIn(dataPath);
  await client.remove(`/threads/${threadId}`);
  expect(await countsIn(dataPath)).toEqual({ ...before, thread_metadata: 0 });
  for (const path of ['', '/messages', '/runs', '/messages/msg_1']) {
    expect(await client.errorOf('GET', `/threads/${threadId}${path}`)).toMatchObject({ status: 404 });
  }
  expect(await client.errorOf('DELETE', `/threads/${threadId}`)).toMatchObject({ status: 404 });
  const path = `/threads?order=asc&after=${threadId}`;
  expect((await client.get<RestPage<RestThread>>(path)).data.map(({ id }) => id)).toEqual([older.id]);
  await client.engine.close();
});

/** `MESSAGES=100000` shows that it is the same for the longest threads. */
const largeCount = Number(process.env['MESSAGES'] ?? 10_000);

test('the rows of a large deleted thread are removed in small transactions, also after a restart', async () => {
  const { dataPath, threadId } = await fileWith(largeCount);
  const first = clientOf(await openEngine({ dataPath, startsWorkers: false }));
  await first.remove(`/threads/${threadId}`);
  await first.engine.close();
  const second = clientOf(await openEngine({ dataPath, sweepIntervalMs: 20 }));
  const left = new Set<number | undefined>();
  await vi.waitFor(
    async () => {
      const counts = await countsIn(dataPath);
      left.add(counts?.['messages']);
      expect(counts).toEqual(nothing);
    },
    { timeout: 20_000 + largeCount, interval: 1 },
  );
  await second.engine.close();
  expect(left.size).toBeGreaterThan(2);
  // Each transaction removes 500 messages; the last one removes the rest.
  const sizes = [...left].map((count = 0) => (largeCount + 1 - count) % 500);
  expect(new Set(sizes)).toEqual(new Set(left.has(0) ? [0, 1] : [0]));
}, 200_000);

test('the run of a thread that is deleted is stopped, and its stream ends without `done`', async () => {
  let isStopped = false;
  const { model } = scriptedModel(async function* ({ signal }) {
    yield { type: 'text', text: 'begun' };
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        isStopped = true;
        reject(new Error('aborted'));
      });
    });
  });
  const client = await startClient({ model });
  const assistant = await client.assistant();
  const { id } = await client.thread('hello');
  const streaming = client.events('POST', `/threads/${id}/runs`, { assistant_id: assistant.id, stream: true });
  await vi.waitFor(async () => expect((await client.messages(id)).data).toHaveLength(2));
  await client.remove(`/threads/${id}`);
  await vi.waitFor(() => expect(isStopped).toBe(true));
  const events = (await streaming).map(({ event }) => event);
  expect(events).toContain('thread.message.delta');
  expect(events).not.toContain('done');
});
