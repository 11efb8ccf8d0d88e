import { expect, test, vi } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, clientOf, functionTool, type SentEvent, startClient } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { openEngine } from './openEngine.ts';
import { changeStored, storedRows } from './storedData.ts';

const eventsOf = (client: ReturnType<typeof clientOf>, run: RestRun, after = 0) =>
  client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events?after=${after}`);

const namesOf = (events: SentEvent[]) => events.map(({ event }) => event);

const rowCount = async (dataPath: string) =>
  ((await storedRows(dataPath, 'select count(*) as count from run_events')) as { count: number }[])[0]?.count;

/** A data file with a completed run that called a function, and its events, all of which are stored. */
const fileWithRun = async () => {
  const dataPath = newDataPath();
  const client = clientOf(await openEngine({ dataPath, eventRetentionHours: 1 }));
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const run = await client.until(await client.start(assistant, 'Please call look.'), 'requires_action');
  expect(callsOf(run)).toHaveLength(1);
  await client.submit(run, 'a cat');
  const ended = await client.until(run, 'completed');
  const events = await eventsOf(client, run);
  await client.engine.close();
  return { dataPath, run: ended, events };
};

test('the stream of a run whose events were removed has the creation and the end of its objects, without deltas', async () => {
  const { dataPath, run, events } = await fileWithRun();
  const client = await startClient({ dataPath, eventRetentionHours: 0, sweepIntervalMs: 20 });
  await vi.waitFor(async () => expect(await rowCount(dataPath)).toBe(0));
  const left = await eventsOf(client, run);
  expect(namesOf(left)).toEqual([
    'thread.run.created',
    'thread.run.step.created',
    'thread.run.step.completed',
    'thread.run.step.created',
    'thread.message.created',
    'thread.message.completed',
    'thread.run.step.completed',
    'thread.run.completed',
    'done',
  ]);
  // What reports an end is as it was, under the same number at the end of the stream.
  const ends = left.filter(({ event }) => event.endsWith('.completed'));
  for (const { event, data } of ends) expect(events).toContainEqual(expect.objectContaining({ event, data }));
  expect(left.slice(-5)).toEqual([left.at(-5), ...events.slice(-4)]);
});

test('a reader that returns after the events were removed gets what it missed, and no event twice', async () => {
  const { dataPath, run, events } = await fileWithRun();
  const client = await startClient({ dataPath, eventRetentionHours: 0, sweepIntervalMs: 20 });
  await vi.waitFor(async () => expect(await rowCount(dataPath)).toBe(0));
  const last = events.at(-2)?.id ?? 0;
  expect(namesOf(await eventsOf(client, run, last - 2))).toEqual([
    'thread.run.step.completed',
    'thread.run.completed',
    'done',
  ]);
  expect(namesOf(await eventsOf(client, run, last))).toEqual(['done']);
});

test('events are stored until their time has passed, also those of an earlier start of the server', async () => {
  const { dataPath, run, events } = await fileWithRun();
  const client = clientOf(await openEngine({ dataPath, eventRetentionHours: 1, sweepIntervalMs: 20 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await eventsOf(client, run)).toEqual(events);
  await client.engine.close();
  await changeStored(dataPath, 'update runs set unpruned_since = unpruned_since - 3600000');
  await startClient({ dataPath, eventRetentionHours: 1, sweepIntervalMs: 20 });
  await vi.waitFor(async () => expect(await rowCount(dataPath)).toBe(0));
});

test('the events of a run that has not ended are not removed', async () => {
  const dataPath = newDataPath();
  const client = await startClient({ dataPath, eventRetentionHours: 0, sweepIntervalMs: 20 });
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const run = await client.until(await client.start(assistant, 'Please call look.'), 'requires_action');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const names = namesOf(
    await client.events('POST', `/threads/${run.thread_id}/runs/${run.id}/submit_tool_outputs`, {
      tool_outputs: callsOf(run).map(({ id }) => ({ tool_call_id: id, output: 'a cat' })),
      stream: true,
    }),
  );
  expect(names.slice(0, 3)).toEqual(['thread.run.step.completed', 'thread.run.queued', 'thread.run.in_progress']);
  expect(names.at(-1)).toBe('done');
});
