import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { runServer, startServer } from '../support/server.ts';
import { clientOf, startClient } from './client.ts';
import { executeIn, newDataPath, newDirectory, rowsIn } from './dataFiles.ts';
import { sdkAt, startFilesSdk, textFile } from './filesWorld.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const backUp = (dataPath: string, target: string) => runServer({ DATA_PATH: dataPath }, ['backup', target]);

/** A data file with one thread, and the thread's id. */
const newData = async () => {
  const dataPath = newDataPath();
  const client = clientOf(await openEngine({ dataPath }));
  const { id } = await client.thread('one');
  await client.engine.close();
  return { dataPath, threadPath: `/threads/${id}`, target: join(newDirectory(), 'backup.db') };
};

/** Adds 64 MB to a data file, so that a backup takes a while. */
const enlarge = (dataPath: string) =>
  executeIn(dataPath, 'create table ballast (bytes blob); insert into ballast values (zeroblob(64000000))');

const refused = (saying: string) => ({
  code: 1,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^.*${saying}.*\n$`)),
});

test('a backup made while the server writes holds everything that was acknowledged before it began', async () => {
  const dataPath = newDataPath();
  const server = await startServer({ DATA_PATH: dataPath });
  const acknowledged: string[] = [];
  const stopped = new AbortController();
  const write = async () => {
    while (!stopped.signal.aborted) {
      const response = await server.rest('/threads', { method: 'POST', body: '{}' });
      expect(response.status).toBe(200);
      acknowledged.push(((await response.json()) as { id: string }).id);
    }
  };
  const writers = Promise.all([write(), write(), write(), write()]);
  await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(50);

  const target = join(newDirectory(), 'backup.db');
  const before = [...acknowledged];
  expect(await backUp(dataPath, target)).toMatchObject({ code: 0, stderr: '' });
  expect(acknowledged.length).toBeGreaterThan(before.length);
  stopped.abort();
  await writers;
  await server.stop();

  expect(readdirSync(dirname(target))).toEqual(['backup.db']);
  expect(rowsIn(target, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const client = await startClient({ dataPath: target });
  for (const id of before) expect(await client.get(`/threads/${id}`)).toMatchObject({ id });
});

test('a backup can be made without a server, and of a file whose server was killed', async () => {
  const { dataPath, threadPath, target } = await newData();
  expect(await backUp(dataPath, `${target}-stopped`)).toMatchObject({ code: 0, stderr: '' });
  const server = await startServer({ DATA_PATH: dataPath });
  const { id } = (await (await server.rest('/threads', { method: 'POST', body: '{}' })).json()) as { id: string };
  await server.kill9();
  expect(existsSync(`${dataPath}-wal`)).toBe(true);
  expect(await backUp(dataPath, `${target}-killed`)).toMatchObject({ code: 0, stderr: '' });

  expect(await (await startClient({ dataPath: `${target}-stopped` })).get(threadPath)).toBeDefined();
  const restored = await startClient({ dataPath: `${target}-killed` });
  expect([await restored.get(threadPath), await restored.get(`/threads/${id}`)]).toHaveLength(2);
});

test('a server starts, stops and starts again on its data file while a backup reads it, without losing anything', async () => {
  const { dataPath, threadPath, target } = await newData();
  executeIn(dataPath, 'pragma journal_mode = wal');
  const reader = new Database(dataPath);
  onTestFinished(() => void reader.close());
  reader.exec('begin; select * from threads');

  const first = await startServer({ DATA_PATH: dataPath });
  const { id } = (await (await first.rest('/threads', { method: 'POST', body: '{}' })).json()) as { id: string };
  expect(await first.stop()).toBe(0);
  const second = await startServer({ DATA_PATH: dataPath });
  for (const path of [threadPath, `/threads/${id}`]) expect((await second.rest(path)).status).toBe(200);
  expect(await backUp(dataPath, target)).toMatchObject({ code: 0 });
  expect(await second.stop()).toBe(0);
});

test('a backup has the permissions of the data file', async () => {
  const { dataPath, target } = await newData();
  chmodSync(dataPath, 0o640);
  await backUp(dataPath, target);
  expect((statSync(target).mode & 0o777).toString(8)).toBe('640');
});

test('a backup overwrites nothing', async () => {
  const { dataPath, target } = await newData();
  writeFileSync(target, 'precious');
  expect(await backUp(dataPath, target)).toEqual(refused(`${target} exists already`));
  expect(await backUp(dataPath, dataPath)).toEqual(refused('exists already'));
  expect(statSync(target).size).toBe('precious'.length);
  expect(readdirSync(dirname(target))).toEqual(['backup.db']);
});

test('a backup that is killed leaves no file at its path', async () => {
  const { dataPath, target } = await newData();
  enlarge(dataPath);
  const child = spawn(process.execPath, ['dist/server.js', 'backup', target], {
    cwd: root,
    env: { ...process.env, DATA_PATH: dataPath },
  });
  const exit = once(child, 'exit');
  await expect
    .poll(() => readdirSync(dirname(target)), { timeout: 10_000, interval: 1 })
    .toEqual([expect.stringMatching(/^\.backup\.db\..*\.partial$/)]);
  child.kill('SIGKILL');
  await exit;
  expect(existsSync(target)).toBe(false);
  expect(await backUp(dataPath, target)).toMatchObject({ code: 0 });
});

test('a backup that cannot be written to its end leaves nothing, and says why', async () => {
  const { dataPath, target } = await newData();
  enlarge(dataPath);
  const child = spawn('prlimit', ['--fsize=1000000', process.execPath, 'dist/server.js', 'backup', target], {
    cwd: root,
    env: { ...process.env, DATA_PATH: dataPath },
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^.*cannot be backed up to .*backup\.db.*\n$/);
  expect(readdirSync(dirname(target))).toEqual([]);
});

test('a backup that cannot be made is one clear line and exit code 1', async () => {
  const { dataPath, target } = await newData();
  const directory = newDirectory();
  const text = join(directory, 'text');
  writeFileSync(text, 'a text, longer than the header of a database'.repeat(99));
  mkdirSync(join(directory, 'data'));
  expect(await backUp(join(directory, 'none'), target)).toEqual(refused('There is no data file at .*none'));
  expect(await backUp(join(directory, 'data'), target)).toEqual(refused('is not a file'));
  expect(await backUp(text, target)).toEqual(refused('is not an SQLite file'));
  expect(await backUp(dataPath, join(directory, 'made', 'b.db'))).toEqual(refused('made does not exist'));
  expect(await backUp(':memory:', target)).toEqual(refused('DATA_PATH is :memory:'));
  const external = { DATA_PATH: dataPath, ASSISTANTS_BASE_URL: 'http://127.0.0.1:9/v1' };
  expect(await runServer(external, ['backup', target])).toEqual(refused('ASSISTANTS_BASE_URL is set'));
  expect(await runServer({}, ['backup'])).toEqual(refused('backup needs the path of the new file'));
  expect(await runServer({}, ['backup', target, 'more'])).toEqual(refused('Unknown argument more'));
  expect(await runServer({}, ['backup', '--force'])).toEqual(refused('Unknown argument --force'));
  expect(existsSync(target)).toBe(false);
});

test('a data file with a second hard link is not backed up while it is in use', async () => {
  const { dataPath, target } = await newData();
  linkSync(dataPath, `${dataPath}-linked`);
  const server = await startServer({ DATA_PATH: dataPath });
  expect(await backUp(dataPath, target)).toEqual(refused('several names'));
  await server.stop();
  expect(await backUp(dataPath, target)).toMatchObject({ code: 0 });
}, 30_000);

test('a backup made while files are uploaded and deleted has the contents of all its files', async () => {
  const dataPath = newDataPath();
  const server = await startServer({ DATA_PATH: dataPath });
  const sdk = sdkAt(server.url);
  const acknowledged = new Map<string, string>();
  const stopped = new AbortController();
  const write = async (name: string) => {
    for (let round = 0; !stopped.signal.aborted; round += 1) {
      const text = `${name} ${round}`.repeat(1000);
      const { id } = await sdk.files.create({ file: textFile(text), purpose: 'assistants' });
      acknowledged.set(id, text);
    }
  };
  const writers = Promise.all(['a', 'b', 'c'].map(write));
  await expect.poll(() => acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(30);

  const target = join(newDirectory(), 'backup.db');
  const before = [...acknowledged];
  expect(await backUp(dataPath, target)).toMatchObject({ code: 0, stderr: '' });
  expect(acknowledged.size).toBeGreaterThan(before.length);
  stopped.abort();
  await writers;
  // What happens to the original afterwards does not change the copy.
  for (const [id] of before) await sdk.files.delete(id);
  await server.stop();

  const restored = await startFilesSdk({ dataPath: target });
  const { data } = await restored.sdk.files.list();
  expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(([id]) => id)));
  for (const { id } of data) expect(await (await restored.sdk.files.content(id)).text()).toBe(acknowledged.get(id));
}, 30_000);

test('a backup without files makes no folder, and one that finds a folder of its name is refused', async () => {
  const { dataPath, target } = await newData();
  expect(await backUp(dataPath, target)).toMatchObject({ code: 0 });
  expect(readdirSync(dirname(target))).toEqual(['backup.db']);
  mkdirSync(`${target}-2.files`);
  expect(await backUp(dataPath, `${target}-2`)).toEqual(refused(`${target}-2.files exists already`));
});
