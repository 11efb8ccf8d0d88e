import { execFileSync } from 'node:child_process';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import Database from 'libsql';
import { expect, type onTestFinished, test } from 'vitest';
import { storeWriteErrorOf } from '../../src/engine/store/sqlite/sqliteWriteError.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { newDataPath } from './dataFiles.ts';
import { startWebhooks, webhookSecret } from './webhookServer.ts';

const newThread = (server: RunningServer) => server.rest('/threads', { method: 'POST', body: '{}' });

/** A server with a thread in its data file. */
const started = async (finished?: typeof onTestFinished) => {
  const path = newDataPath(finished);
  const server = await startServer({ DATA_PATH: path });
  const { id }: { id: string } = await (await newThread(server)).json();
  return { path, server, id };
};

const readiness = async (server: RunningServer) => {
  const response = await fetch(`${server.url}/ready`);
  return { status: response.status, body: await response.json() };
};

// At the same time, since most of it is waiting for the worker.
test.concurrent.for<[what: string, lose: (path: string) => void]>([
  ['is deleted', (path) => rmSync(path)],
  ['is moved', (path) => renameSync(path, `${path}-moved`)],
  [
    'is replaced by a copy',
    (path) => {
      copyFileSync(path, `${path}-copy`);
      renameSync(`${path}-copy`, path);
    },
  ],
  ['loses its write-ahead log', (path) => rmSync(`${path}-wal`)],
  ['loses its lock file', (path) => rmSync(`${path}-lock`)],
])(
  'if the data file %s while in use, writes are refused, reads go on, and the log says so once',
  async ([, lose], { onTestFinished: finished }) => {
    const { path, server, id } = await started(finished);
    expect(await readiness(server)).toMatchObject({ status: 200 });
    lose(path);

    for (let n = 0; n < 3; n += 1) {
      const refused = await newThread(server);
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({
        error: { type: 'server_error', message: expect.stringContaining('was deleted or replaced') },
      });
    }
    const { errors } = await server.graphql('mutation { createThread(input: {}) { thread { threadId } } }');
    expect(errors?.[0]?.message).toContain('was deleted or replaced');
    expect((await server.rest(`/threads/${id}`)).status).toBe(200);
    await expect
      .poll(() => readiness(server), { timeout: 5000 })
      .toMatchObject({
        status: 503,
        body: { status: 'unavailable', upstream: { problem: expect.stringContaining('was deleted or replaced') } },
      });
    // Two sweeps of the worker later.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(server.output().match(/was deleted or replaced/g)).toHaveLength(1);
    expect(await server.stop()).toBe(0);
  },
);

test('a data file that is put back does not take writes again', async () => {
  const { path, server } = await started();
  renameSync(path, `${path}-moved`);
  expect((await newThread(server)).status).toBe(503);
  renameSync(`${path}-moved`, path);

  expect((await newThread(server)).status).toBe(503);
  await server.stop();
  const restarted = await startServer({ DATA_PATH: path });
  expect((await newThread(restarted)).status).toBe(200);
  await restarted.stop();
});

/** Limits the size of the files that a process may write, in bytes. */
const limitFiles = ({ pid }: RunningServer, bytes: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);

test('while nothing can be written, writes are refused with the reason, reads go on, and writes succeed again afterwards', async () => {
  const { server, id } = await started();
  limitFiles(server, '4096');

  const refused = await newThread(server);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('nothing can be written') } });
  expect((await server.rest(`/threads/${id}`)).status).toBe(200);

  await expect.poll(() => server.output()).toMatch(/was not written: SqliteError/);

  limitFiles(server, 'unlimited');
  const { id: second }: { id: string } = await (await newThread(server)).json();
  await server.stop();
  expect(second).toMatch(/^thread_/);
});

test('a run that could not be written is claimed again as soon as writing succeeds, and not when its lease ends', async () => {
  const held: (() => void)[] = [];
  const webhooks = await startWebhooks((response, _call, count) => {
    if (count === 1) held.push(() => response.end('rain'));
    else response.end('sun');
  });
  const server = await startServer({
    DATA_PATH: newDataPath(),
    TOOL_WEBHOOKS: `get_weather=${webhooks.url}/weather`,
    TOOL_WEBHOOK_SECRET: webhookSecret,
  });
  const post = async <Result>(path: string, body: object): Promise<Result> =>
    (await (await server.rest(path, { method: 'POST', body: JSON.stringify(body) })).json()) as Result;
  const tools = [{ type: 'function', function: { name: 'get_weather' } }];
  const assistant = await post<RestAssistant>('/assistants', { model: 'm', tools });
  const run = await post<RestRun>('/threads/runs', {
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content: 'get_weather' }] },
  });
  await expect.poll(() => held.length).toBe(1);
  limitFiles(server, '4096');
  held[0]?.();
  await expect.poll(() => server.output()).toMatch(/was abandoned, and is going to be claimed again: StoreWriteError/);
  limitFiles(server, 'unlimited');

  const status = async () =>
    ((await (await server.rest(`/threads/${run.thread_id}/runs/${run.id}`)).json()) as RestRun).status;
  await expect.poll(status, { timeout: 15_000 }).toBe('completed');
  expect(webhooks.calls.map(({ id }) => id)).toEqual([webhooks.calls[0]?.id, webhooks.calls[0]?.id]);
  await server.stop();
});

test('a full disk is status 507', () => {
  const database = new Database(':memory:');
  database.exec('create table filled (bytes blob); pragma max_page_count = 4');
  const full = () => database.exec('insert into filled values (zeroblob(100000))');

  let thrown: unknown;
  try {
    full();
  } catch (error) {
    thrown = error;
  }
  expect(storeWriteErrorOf(thrown)).toMatchObject({ status: 507, cause: thrown });
  expect(storeWriteErrorOf(new Error('other'))).toMatchObject({ message: 'other' });
  database.close();
});
