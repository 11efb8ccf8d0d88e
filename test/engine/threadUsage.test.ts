import { expect, test, vi } from 'vitest';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { clientOf, functionTool, startClient } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { storedRows } from './storedData.ts';
import { openEngine } from './openEngine.ts';

type Client = ReturnType<typeof clientOf>;

const usageOf = async (client: Client, threadId: string) =>
  (await client.get<RestThread>(`/threads/${threadId}`)).usage;

/** The same totals, added up from all runs of the thread. */
const addedUp = async (client: Client, threadId: string) => {
  const { data: runs } = await client.get<RestPage<RestRun>>(`/threads/${threadId}/runs?limit=100`);
  const usages = runs.flatMap(({ usage }) => usage ?? []);
  const sum = (count: (usage: NonNullable<RestRun['usage']>) => number) =>
    usages.reduce((total, usage) => total + count(usage), 0);
  return {
    prompt_tokens: sum(({ prompt_tokens }) => prompt_tokens),
    completion_tokens: sum(({ completion_tokens }) => completion_tokens),
    total_tokens: sum(({ total_tokens }) => total_tokens),
    unknown_runs: runs.length - usages.length,
  };
};

const runOn = (client: Client, threadId: string, body: object) =>
  client.post<RestRun>(`/threads/${threadId}/runs`, body);

test('a new thread has used no tokens', async () => {
  const client = await startClient();
  const thread = await client.thread('hello');
  const none = {
    prompt_tokens: 0,
    completion_tokens: 0,
    total_tokens: 0,
    prompt_token_details: { cached_tokens: 0 },
    unknown_runs: 0,
    models: [],
  };
  expect(thread.usage).toEqual(none);
  expect(await usageOf(client, thread.id)).toEqual(none);
});

test('a thread has the usage of its completed and cancelled runs, and not of the active one', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ tools: [functionTool('bake')] });
  const { id } = await client.thread('bake');
  const options = { assistant_id: assistant.id };

  const cancelled = await client.until(await runOn(client, id, options), 'requires_action');
  expect(await usageOf(client, id)).toMatchObject({ total_tokens: 0, models: [] });
  await client.post(`/threads/${id}/runs/${cancelled.id}/cancel`);
  await client.until(cancelled, 'cancelled');

  const completed = await client.until(await runOn(client, id, options), 'requires_action');
  await client.submit(completed, 'done');
  await client.until(completed, 'completed');
  await client.until(await runOn(client, id, { ...options, max_prompt_tokens: 256 }), 'requires_action');

  const usage = await usageOf(client, id);
  const ended = await addedUp(client, id);
  expect(usage).toMatchObject({ ...ended, unknown_runs: 0 });
  expect(ended.total_tokens).toBeGreaterThan(0);
});

test('modifying a thread or a run leaves the usage of the thread as it is', async () => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'completed');
  const usage = await usageOf(client, run.thread_id);
  await client.post(`/threads/${run.thread_id}/runs/${run.id}`, { metadata: { a: '1' } });
  const modified = await client.post<RestThread>(`/threads/${run.thread_id}`, { metadata: { a: '1' } });
  expect(usage).toMatchObject(await addedUp(client, run.thread_id));
  expect(modified.usage).toEqual(usage);
  expect(await usageOf(client, run.thread_id)).toEqual(usage);
});

test('usage takes one row for each model of a thread, whatever the number of runs, and none once the thread is deleted', async () => {
  const dataPath = newDataPath();
  const client = clientOf(await openEngine({ dataPath }));
  const assistant = await client.assistant();
  const { id } = await client.thread('hello');
  const deleted = await client.until(await client.start(assistant, 'hello'), 'completed');
  for (const model of ['one', 'two', 'one', 'one', 'two']) {
    await client.until(await runOn(client, id, { assistant_id: assistant.id, model }), 'completed');
  }
  await client.remove(`/threads/${deleted.thread_id}`);

  const usage = await usageOf(client, id);
  expect(usage).toMatchObject(await addedUp(client, id));
  expect(usage?.models.map(({ model }) => model)).toEqual(['one', 'two']);
  await vi.waitFor(async () => {
    expect(await storedRows(dataPath, 'select thread_id, model from thread_usage order by model')).toEqual([
      { thread_id: id, model: 'one' },
      { thread_id: id, model: 'two' },
    ]);
  });
  await client.engine.close();
});
