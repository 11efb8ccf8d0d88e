import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import { StoreUnavailableError } from '../../src/engine/store/unavailable.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, clientOf, functionTool, scriptedModel, startClient, textOf } from './client.ts';
import { executeIn, newDataPath, newDirectory } from './dataFiles.ts';

const killed = async (child: ChildProcess) => {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

/** A process with an engine on the file, and the lines that it prints. Resolves when the file is open. */
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

test('stored objects are still there after a restart', async () => {
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

test('a data file of schema version 1 is migrated with all that it holds', async () => {
  const dataPath = newDataPath();
  executeIn(dataPath, readFileSync(join(import.meta.dirname, 'fixtures', 'schemaVersion1.sql'), 'utf8'));
  const client = await startClient({ dataPath });
  const { data: assistants } = await client.get<RestPage<RestAssistant>>('/assistants?order=asc');
  expect(assistants.map(({ name }) => name)).toEqual(['Kept', 'Second']);

  const [done, waiting] = await Promise.all(
    ['thread_DStlfzT1jz9034dlm2XuDUDT', 'thread_gwQEpm5fz6gpN1B31fvFFWO6'].map(async (threadId) => {
      const [run] = (await client.get<RestPage<RestRun>>(`/threads/${threadId}/runs`)).data;
      if (run === undefined) throw new Error(`${threadId} has no run`);
      return run;
    }),
  );
  expect(done?.status).toBe('completed');
  expect((await client.messages(done?.thread_id ?? '')).data.map(textOf)).toEqual([
    'hello',
    '[offline model] You wrote: "hello"',
  ]);
  if (waiting === undefined) throw new Error('no run waits');
  await client.submit(waiting, 'seen');
  await client.until(waiting, 'completed');

  const [kept, second] = assistants;
  await client.remove(`/assistants/${kept?.id}`);
  expect(await client.get(`/assistants?order=asc&after=${kept?.id}`)).toMatchObject({ data: [second] });
});

test('a thread holds at most 100,000 messages', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const { id } = await first.thread('one');
  const run = await first.start(await first.assistant(), 'hello');
  await first.until(run, 'completed');
  await first.engine.close();
  executeIn(dataPath, 'update threads set message_count = message_count + 99998');

  const client = await startClient({ dataPath });
  const path = `/threads/${id}/messages`;
  const { id: last } = await client.post<RestMessage>(path, { role: 'user', content: 'the last' });
  expect(await client.errorOf('POST', path, { role: 'user', content: 'one more' })).toMatchObject({
    status: 400,
    message: `Can't add messages to ${id}: a thread holds at most 100000 messages.`,
  });
  await client.remove(`${path}/${last}`);
  await client.post(path, { role: 'user', content: 'in its place' });
});

test('a second process cannot open the file until the process that has it open is killed', async () => {
  const dataPath = newDataPath();
  const { child } = await startProcess(dataPath, 'hold');
  const error = await openEngine({ dataPath }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(String(error)).toContain(`${dataPath} is in use by another process`);
  expect(String(error)).not.toContain('\n');
  await killed(child);
  await startClient({ dataPath });
});

test('a second engine in the same process cannot open the file until the first is closed', async () => {
  const dataPath = newDataPath();
  const first = await openEngine({ dataPath });
  await clientOf(first).assistant();
  await expect(openEngine({ dataPath })).rejects.toThrow('is in use by another process');
  await first.close();
  await startClient({ dataPath });
});

test.each<[name: string, make: (path: string, other: string) => void]>([
  ['a symbolic link', (path, other) => symlinkSync(path, other)],
  ['a symbolic link of its directory', (path, other) => symlinkSync(dirname(path), dirname(other))],
  ['a hard link', (path, other) => linkSync(path, other)],
])('a data file that is open cannot be opened by another name: %s', async (name, make) => {
  const dataPath = newDataPath();
  const first = await openEngine({ dataPath });
  const directory = newDirectory();
  const other = name.endsWith('directory') ? join(directory, 'link', 'engine.db') : join(directory, 'other.db');
  make(dataPath, other);
  await expect(openEngine({ dataPath: other })).rejects.toThrow(`${other} is in use by another process`);
  await first.close();
  await startClient({ dataPath: other });
});

test('an engine that cannot open the folder of its files lets go of the data file', async () => {
  const dataPath = newDataPath();
  writeFileSync(`${dataPath}.files`, 'no folder');
  await expect(openEngine({ dataPath })).rejects.toThrow('ENOTDIR');
  rmSync(`${dataPath}.files`);
  const engine = await openEngine({ dataPath });
  await engine.close();
});

test('a data file that a server of an earlier version has locked cannot be opened, nor the other way round', async () => {
  const dataPath = newDataPath();
  const earlier = () => {
    const database = new Database(dataPath);
    database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; begin exclusive; commit');
    return database;
  };
  const database = earlier();
  await expect(openEngine({ dataPath })).rejects.toThrow('is in use by another process');
  database.close();
  const engine = await openEngine({ dataPath });
  expect(earlier).toThrow('locked');
  await engine.close();
});

test.each([
  [
    'no SQLite file',
    async (path: string) => writeFileSync(path, 'a text, longer than the header of a database'.repeat(99)),
    'is not an SQLite file',
  ],
  ['a directory', async (path: string) => mkdirSync(path), 'is a directory'],
  ['another program’s', async (path: string) => executeIn(path, 'create table notes (text)'), 'of another program'],
  [
    'of a later version',
    async (path: string) => {
      await (await openEngine({ dataPath: path })).close();
      executeIn(path, 'insert into schema_versions values (999, 0)');
    },
    'has schema version 999, written by a later version',
  ],
])('opening a file that is %s fails with a one-line error', async (_, prepare, words) => {
  const dataPath = newDataPath();
  await prepare(dataPath);
  const error = await openEngine({ dataPath }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(String(error)).toContain(words);
  expect(String(error)).toContain(dataPath);
  expect(String(error)).not.toContain('\n');
});

test.each(['/dev/null/engine.db', '/proc/none/engine.db'])(
  'opening %s, which cannot be created, fails with an error',
  async (dataPath) => {
    await expect(openEngine({ dataPath })).rejects.toBeInstanceOf(StoreUnavailableError);
  },
);

test('kill -9 during writes and runs loses nothing acknowledged, and every run is continued', async () => {
  const dataPath = newDataPath();
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
    const completions = (await client.messages(run.thread_id, `run_id=${run.id}`)).data;
    expect(completions.map(({ status }) => status)).toEqual(run.status === 'completed' ? ['completed'] : []);
    expect(callsOf(run)).toHaveLength(run.status === 'requires_action' ? 1 : 0);
  }
}, 60_000);

/** Starts a run in one engine, closes it when its model has written `half`, and continues in another. */
const interrupted = async (half: ChatDelta[], rest: Parameters<typeof scriptedModel>[0]) => {
  const dataPath = newDataPath();
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

test('a partial message is continued if the model repeats its beginning', async () => {
  const { client, run } = await interrupted([{ type: 'text', text: 'Once upon' }], async function* () {
    yield { type: 'text', text: 'Once ' };
    yield { type: 'text', text: 'upon a time' };
  });
  const { data: completions } = await client.messages(run.thread_id, `run_id=${run.id}`);
  expect(completions.map(textOf)).toEqual(['Once upon a time']);
  expect((await client.steps(run)).data.map(({ status }) => status)).toEqual(['completed']);
  const events = await client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  expect(
    JSON.stringify(events.filter(({ event }) => event === 'thread.message.delta').map(({ data }) => data)),
  ).toMatch(/Once upon.* a time/u);
  expect(events.map(({ id }) => id)).toEqual([...events.slice(0, -1).map((_, index) => index + 1), undefined]);
});

test('a partial tool call is continued if the model repeats its beginning', async () => {
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

test('a partial message becomes incomplete if the model writes something else', async () => {
  const { client, run } = await interrupted([{ type: 'text', text: 'Once upon' }], async function* () {
    yield { type: 'text', text: 'In the beginning' };
  });
  const { data: completions } = await client.messages(run.thread_id, `order=asc&run_id=${run.id}`);
  expect(completions.map((message: RestMessage) => `${textOf(message)}: ${message.status}`)).toEqual([
    'Once upon: incomplete',
    'In the beginning: completed',
  ]);
  expect((await client.steps(run)).data.map(({ status }) => status)).toEqual(['failed', 'completed']);
});
