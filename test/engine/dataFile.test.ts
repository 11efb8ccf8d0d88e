import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import { StoreUnavailableError } from '../../src/engine/store/unavailable.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, clientOf, functionTool, scriptedModel, startClient, textOf } from './client.ts';

const newDirectory = () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

const killed = async (child: ChildProcess) => {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

/** A process with an engine on the file, and the lines that it says; resolves once the file is open. */
const startProcess = async (dataPath: string, task: 'hold' | 'write') => {
  const script = join(import.meta.dirname, 'engineProcess.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataPath, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) await killed(child);
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  return { child, lines };
};

const executed = (path: string, sql: string) => {
  const database = new Database(path);
  database.exec(sql);
  database.close();
};

test('what was kept is there after a restart', async () => {
  const dataPath = join(newDirectory(), 'made', 'on the way', 'engine.db');
  const first = clientOf(await openEngine({ dataPath }));
  const assistant = await first.assistant({ name: 'One' });
  const run = await first.until(await first.start(assistant, 'hello'), 'completed');
  await first.engine.close();

  const second = await startClient({ dataPath });
  expect(await second.get(`/assistants/${assistant.id}`)).toEqual(assistant);
  expect(await second.run(run)).toEqual(run);
  expect((await second.messages(run.thread_id)).data).toHaveLength(2);
});

test('a thread takes a hundred thousand messages and no more', async () => {
  const dataPath = join(newDirectory(), 'engine.db');
  const first = clientOf(await openEngine({ dataPath }));
  const { id } = await first.thread('one');
  const run = await first.start(await first.assistant(), 'hello');
  await first.until(run, 'completed');
  await first.engine.close();
  executed(dataPath, 'update threads set message_count = message_count + 99998');

  const client = await startClient({ dataPath });
  const path = `/threads/${id}/messages`;
  const { id: last } = await client.post<RestMessage>(path, { role: 'user', content: 'the last' });
  expect(await client.refused('POST', path, { role: 'user', content: 'one more' })).toMatchObject({
    status: 400,
    message: `Can't add messages to ${id}: a thread holds at most 100000 messages.`,
  });
  await client.remove(`${path}/${last}`);
  await client.post(path, { role: 'user', content: 'in its place' });
});

test('a second process is refused the file while the first has it, and given it once that is killed', async () => {
  const dataPath = join(newDirectory(), 'engine.db');
  const { child } = await startProcess(dataPath, 'hold');
  const refusal = await openEngine({ dataPath }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StoreUnavailableError);
  expect(String(refusal)).toContain(`${dataPath} is in use by another process`);
  expect(String(refusal)).not.toContain('\n');
  await killed(child);
  await startClient({ dataPath });
});

test('a second engine of the same process is refused as well, until the first is closed', async () => {
  const dataPath = join(newDirectory(), 'engine.db');
  const first = await openEngine({ dataPath });
  await clientOf(first).assistant();
  await expect(openEngine({ dataPath })).rejects.toThrow('is in use by another process');
  await first.close();
  await startClient({ dataPath });
});

test.each([
  [
    'no SQLite file',
    async (path: string) => writeFileSync(path, 'a text, longer than the header of a database'.repeat(99)),
    'is not an SQLite file',
  ],
  ['a directory', async (path: string) => mkdirSync(path), 'is a directory'],
  ['another program’s', async (path: string) => executed(path, 'create table notes (text)'), 'of another program'],
  [
    'of a later version',
    async (path: string) => {
      await (await openEngine({ dataPath: path })).close();
      executed(path, 'insert into schema_versions values (999, 0)');
    },
    'has schema version 999, written by a later version',
  ],
])('a file that is %s is refused in one line', async (_, prepare, words) => {
  const dataPath = join(newDirectory(), 'engine.db');
  await prepare(dataPath);
  const refusal = await openEngine({ dataPath }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StoreUnavailableError);
  expect(String(refusal)).toContain(words);
  expect(String(refusal)).toContain(dataPath);
  expect(String(refusal)).not.toContain('\n');
});

test.each(['/dev/null/engine.db', '/proc/none/engine.db'])('%s cannot be made, and that is said', async (dataPath) => {
  await expect(openEngine({ dataPath })).rejects.toBeInstanceOf(StoreUnavailableError);
});

test('kill -9 in the middle of writes and runs loses nothing that was acknowledged, and leaves no run behind', async () => {
  const dataPath = join(newDirectory(), 'engine.db');
  const acknowledged: string[] = [];
  for (const amount of [60, 120]) {
    const { child, lines } = await startProcess(dataPath, 'write');
    await expect.poll(() => lines.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(amount);
    await killed(child);
    acknowledged.push(...lines.filter((line) => line.startsWith('/')));
  }
  const client = await startClient({ dataPath });
  for (const path of acknowledged) expect(path).toContain((await client.get<{ id: string }>(path)).id);

  for (const path of acknowledged.filter((line) => line.includes('/runs/'))) {
    const run = await client.until(await client.get<RestRun>(path), 'completed', 'requires_action');
    const steps = (await client.steps(run)).data;
    expect(steps).toHaveLength(1);
    expect(steps[0]?.status).toBe(run.status === 'completed' ? 'completed' : 'in_progress');
    const answers = (await client.messages(run.thread_id, `run_id=${run.id}`)).data;
    expect(answers.map(({ status }) => status)).toEqual(run.status === 'completed' ? ['completed'] : []);
    expect(callsOf(run)).toHaveLength(run.status === 'requires_action' ? 1 : 0);
  }
}, 60_000);

/** Starts a run under one engine, closes that once its model has written `half`, and goes on under another. */
const interrupted = async (half: ChatDelta[], rest: Parameters<typeof scriptedModel>[0]) => {
  const dataPath = join(newDirectory(), 'engine.db');
  const stuck = scriptedModel(async function* ({ signal }) {
    yield* half;
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')));
    });
  });
  const first = clientOf(await openEngine({ dataPath, model: stuck.model }));
  const run = await first.start(await first.assistant({ tools: [functionTool('look')] }), 'hello');
  const isWritten = async () => {
    const written = JSON.stringify([(await first.messages(run.thread_id)).data, (await first.steps(run)).data]);
    return half.every((delta) =>
      Object.values(delta).every((value) => written.includes(JSON.stringify(value).slice(1, -1))),
    );
  };
  await expect.poll(isWritten, { timeout: 10_000 }).toBe(true);
  await first.engine.close();
  const client = await startClient({ dataPath, model: scriptedModel(rest).model });
  return { client, run: await client.until(run, 'completed', 'requires_action') };
};

test('an answer that was half written is gone on with where the model says the same again', async () => {
  const { client, run } = await interrupted([{ type: 'text', text: 'Once upon' }], async function* () {
    yield { type: 'text', text: 'Once ' };
    yield { type: 'text', text: 'upon a time' };
  });
  const { data: answers } = await client.messages(run.thread_id, `run_id=${run.id}`);
  expect(answers.map(textOf)).toEqual(['Once upon a time']);
  expect((await client.steps(run)).data.map(({ status }) => status)).toEqual(['completed']);
  const events = await client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  expect(
    JSON.stringify(events.filter(({ event }) => event === 'thread.message.delta').map(({ data }) => data)),
  ).toMatch(/Once upon.* a time/u);
  expect(events.map(({ id }) => id)).toEqual([...events.slice(0, -1).map((_, index) => index + 1), undefined]);
});

test('a call that was half written is gone on with too', async () => {
  const half: ChatDelta[] = [
    { type: 'text', text: 'Let me see.' },
    { type: 'tool_call', index: 0, name: 'look' },
    { type: 'arguments', index: 0, arguments: '{at' },
  ];
  const { client, run } = await interrupted(half, async function* () {
    yield* half;
    yield { type: 'arguments', index: 0, arguments: ': here}' };
    yield { type: 'tool_call', index: 1, name: 'look' };
    yield { type: 'arguments', index: 1, arguments: '{}' };
  });
  expect(callsOf(run).map((call) => call.function.arguments)).toEqual(['{at: here}', '{}']);
  expect((await client.steps(run)).data.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'message_creation completed',
    'tool_calls in_progress',
  ]);
  expect((await client.messages(run.thread_id)).data.map(textOf)).toEqual(['hello', 'Let me see.']);
});

test('an answer that was half written is closed where the model says something else', async () => {
  const { client, run } = await interrupted([{ type: 'text', text: 'Once upon' }], async function* () {
    yield { type: 'text', text: 'In the beginning' };
  });
  const { data: answers } = await client.messages(run.thread_id, `order=asc&run_id=${run.id}`);
  expect(answers.map((message: RestMessage) => `${textOf(message)}: ${message.status}`)).toEqual([
    'Once upon: incomplete',
    'In the beginning: completed',
  ]);
  expect((await client.steps(run)).data.map(({ status }) => status)).toEqual(['failed', 'completed']);
});
