import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultQueryCompiler } from 'kysely';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { clientOf, scriptedModel, startClient } from './client.ts';
import { executeIn, newDataPath, rowsIn } from './dataFiles.ts';
import { openEngine } from './openEngine.ts';
import { recordStatements } from './recordStatements.ts';

/** `pieces` of text in an instant each, with pauses between them. */
async function* completion(pieces: number, pauseMs: number): AsyncGenerator<ChatDelta> {
  for (let piece = 0; piece < pieces; piece += 1) {
    if (piece > 0) await sleep(pauseMs);
    for (let token = 0; token < 20; token += 1) yield { type: 'text', text: ` token${token}` };
  }
}

const settled = async (work: () => Promise<unknown>) => {
  await work();
  await sleep(20); // for what the worker does after the last event
};

const startCounting = async (pieces: number) => {
  const statements = recordStatements();
  const { model } = scriptedModel(() => completion(pieces, 200));
  const client = await startClient({ dataPath: newDataPath(), model, sweepIntervalMs: 60_000 });
  const { id } = await client.assistant();
  const body = { assistant_id: id, stream: true };
  /** Statements that `work` executes until it is settled. */
  const counted = async (work: () => Promise<unknown>) => {
    statements.length = 0;
    await settled(work);
    const commits = statements.filter((sql) => sql === 'commit').length;
    return { statements: statements.length - 2 * commits, commits };
  };
  await settled(() => client.events('POST', '/threads/runs', body)); // The first one prepares.
  return { client, body, statements, counted };
};

/** What a run of a new thread costs whose model writes so many pieces. */
const costOfNewThread = async (pieces: number) => {
  const { client, body, counted } = await startCounting(pieces);
  const thread = { messages: [{ role: 'user', content: 'Hi' }] };
  return counted(() => client.events('POST', '/threads/runs', { ...body, thread }));
};

test('a streamed run of a model that is done at once costs 15 statements in 2 commits', async () => {
  expect(await costOfNewThread(1)).toEqual({ statements: 15, commits: 2 });
});

test('each further write of deltas costs 3 statements in 1 commit', async () => {
  const [few, more] = [await costOfNewThread(3), await costOfNewThread(5)];
  expect(few.commits).toBeLessThanOrEqual(5);
  expect(more.commits - few.commits).toBe(2);
  expect(more.statements - few.statements).toBe(2 * 3);
});

test('a run uses the statements that were compiled for an earlier one', async () => {
  const { client, body } = await startCounting(3);
  const run = () =>
    client.events('POST', '/threads/runs', { ...body, thread: { messages: [{ role: 'user', content: 'Hi' }] } });
  await settled(run);
  const compiled = vi.spyOn(DefaultQueryCompiler.prototype, 'compileQuery');
  onTestFinished(() => compiled.mockRestore());
  await settled(run);
  expect(compiled).not.toHaveBeenCalled();
  await client.get('/assistants');
  expect(compiled).toHaveBeenCalled();
});

test('a run on a thread costs as many statements after twenty earlier runs as after one', async () => {
  const { client, body, counted } = await startCounting(1);
  const { id } = await client.thread('Hi');
  const run = () => client.events('POST', `/threads/${id}/runs`, body);
  await run();
  const early = await counted(run);
  for (let count = 0; count < 20; count += 1) await run();
  expect(await counted(run)).toEqual(early);
});

test('readers of a run in the same process read no events once they have caught up, however many they are', async () => {
  const { client, body, statements } = await startCounting(4);
  const { id } = await client.thread('Hi');
  const first = client.events('POST', `/threads/${id}/runs`, body);
  const run = await vi.waitFor(async () => {
    const { data } = await client.get<{ data: RestRun[] }>(`/threads/${id}/runs`);
    expect(data).toHaveLength(1);
    return data[0];
  });
  statements.length = 0;
  const others = Array.from({ length: 5 }, () => client.events('GET', `/threads/${id}/runs/${run?.id}/events`));
  const streams = await Promise.all([first, ...others]);
  for (const events of streams) expect(events).toEqual(streams[0]);
  expect(streams[0]?.at(-2)?.event).toBe('thread.run.completed');
  // Each reads the run, and the events before it came.
  expect(statements.filter((sql) => sql.startsWith('select') && sql.includes('from "run_events"'))).toHaveLength(5);
});

test('a run that is created while another one waits is not executed before it', async () => {
  let calls = 0;
  const { model } = scriptedModel(async function* () {
    yield { type: 'text', text: 'ok' };
  });
  const order: string[] = [];
  const free = { calls: 0 };
  const limited = { ...model, freeCalls: () => free.calls - calls };
  const client = await startClient({
    model: {
      ...limited,
      complete: (request, take) => {
        calls += 1;
        order.push(request.messages.map((message) => JSON.stringify(message.content)).join());
        return model.complete(request, take);
      },
    },
    sweepIntervalMs: 50,
  });
  const assistant = await client.assistant();
  const first = await client.start(assistant, 'first');
  const second = await client.start(assistant, 'second');
  free.calls = 3;
  const third = await client.start(assistant, 'third');
  for (const run of [first, second, third]) await client.until(run, 'completed');
  expect(order.map((text) => /first|second|third/.exec(text)?.[0])).toEqual(['first', 'second', 'third']);
});

/** Bytes of a data file. */
const sizeOf = (dataPath: string) => {
  const [size] = rowsIn(
    dataPath,
    'select page_count * page_size as bytes from pragma_page_count, pragma_page_size',
  ) as { bytes: number }[];
  return size?.bytes ?? 0;
};

test('a run leaves at most 3 KB after its events were removed', async () => {
  const dataPath = newDataPath();
  const client = clientOf(await openEngine({ dataPath, eventRetentionHours: 0, sweepIntervalMs: 20 }));
  const assistant = await client.assistant();
  const { id } = await client.thread('hello');
  const run = () => client.events('POST', `/threads/${id}/runs`, { assistant_id: assistant.id, stream: true });
  for (let count = 0; count < 100; count += 1) await run();
  const events = () => rowsIn(dataPath, 'select * from run_events');
  await vi.waitFor(() => expect(events()).toEqual([]));
  await client.engine.close();
  executeIn(dataPath, 'vacuum');
  const empty = newDataPath();
  await (await openEngine({ dataPath: empty })).close();
  expect((sizeOf(dataPath) - sizeOf(empty)) / 100).toBeLessThanOrEqual(3000);
});
