import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../../src/engine/store/postgres/postgresStore.ts';
import { StoreUnavailableError } from '../../src/engine/store/unavailable.ts';
import { queryDatabase, takeDatabase, testServerUrl } from '../support/databases.ts';

/** A database without tables. */
const emptyDatabase = async (name: string): Promise<string> => {
  const server = testServerUrl() ?? '';
  await queryDatabase(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
};

const changed = (change: (url: URL) => void): string => {
  const url = new URL(testServerUrl() ?? '');
  change(url);
  return url.href;
};

const errorOf = async (databaseUrl: string): Promise<string> => {
  const error: unknown = await openPostgresStore({ databaseUrl }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  return error instanceof Error ? error.message : '';
};

test.each([
  [
    'a wrong password',
    (url: URL) => (url.password = 'wrong'),
    'the database postgres at 127.0.0.1:',
    'refuses the user or the password',
  ],
  [
    'an unknown user',
    (url: URL) => (url.username = 'nobody'),
    'the database postgres at 127.0.0.1:',
    'refuses the user or the password',
  ],
  ['an unknown database', (url: URL) => (url.pathname = '/none'), 'the database none at 127.0.0.1:', 'does not exist'],
  [
    'a port where nothing listens',
    (url: URL) => (url.port = '1'),
    'the database postgres at 127.0.0.1:1 ',
    'nothing listens there',
  ],
  [
    'a host that does not exist',
    (url: URL) => (url.hostname = 'none.invalid'),
    'the database postgres at none.invalid:',
    'cannot be',
  ],
])('with %s, opening fails with one line that says so and has no password', async (_, change, database, problem) => {
  const databaseUrl = changed(change);
  const message = await errorOf(databaseUrl);
  expect(message).toContain(`PostgreSQL: ${database.trimEnd()}`);
  expect(message).toContain(problem);
  expect(message).not.toMatch(/\n|pass\/word|pass%2Fword/u);
});

test('a database whose schema is of a later version is not used', async () => {
  const url = await emptyDatabase('of_later_version');
  await (await openPostgresStore({ databaseUrl: url })).close();
  await queryDatabase(url, 'insert into schema_versions values (999, 0)');
  expect(await errorOf(url)).toContain('has schema version 999, written by a later version of this program');
});

test('a database with tables of another program is not used, and stays as it is', async () => {
  const url = await emptyDatabase('of_another_program');
  await queryDatabase(url, 'create table threads (id text)');
  expect(await errorOf(url)).toContain('has tables of another program');
  const tables = await queryDatabase(url, "select tablename from pg_tables where schemaname = 'public'");
  expect(tables).toEqual([{ tablename: 'threads' }]);
});

test('of ten processes that start on an empty database at once, one creates the tables and all can use them', async () => {
  const url = await emptyDatabase('started_at_once');
  const stores = await Promise.all(
    Array.from({ length: 10 }, () => openPostgresStore({ databaseUrl: url, poolSize: 2 })),
  );
  const found = await Promise.all(stores.map((store) => store.runs.countActive()));
  expect(found).toEqual(Array.from({ length: 10 }, () => ({})));
  await Promise.all(stores.map((store) => store.close()));
  const versions = 'select count(*) = max(version) as complete from schema_versions';
  expect(await queryDatabase(url, versions)).toEqual([{ complete: true }]);
});

test('while the database cannot be reached reads and writes fail with status 503, and afterwards they succeed again', async () => {
  const { url, giveBack } = await takeDatabase();
  const target = new URL(url);
  const port = Number(target.port);
  // In front of the server, so that its connections can be cut and refused.
  const open = new Set<{ destroy(): void }>();
  let isCut = false;
  const proxy = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    client.pipe(server).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  target.port = String((proxy.address() as AddressInfo).port);
  const store = await openPostgresStore({ databaseUrl: target.href });
  onTestFinished(async () => {
    await store.close();
    proxy.close();
    giveBack();
  });
  expect(await store.runs.countActive()).toEqual({});

  isCut = true;
  for (const socket of open) socket.destroy();
  const failure = { status: 503, message: 'The database cannot be reached. Try again.' };
  await expect(store.runs.countActive()).rejects.toMatchObject(failure);
  await expect(store.write(({ threads }) => threads.lock('thread_1'))).rejects.toMatchObject(failure);
  await expect.poll(() => store.problem()).toBe('The database cannot be reached.');

  isCut = false;
  await expect.poll(() => store.problem(), { timeout: 10_000 }).toBeUndefined();
  expect(await store.runs.countActive()).toEqual({});
  expect(await store.write(({ threads }) => threads.lock('thread_1'))).toBeUndefined();
});

const thread = (id: string) => ({ id, object: 'thread' as const, created_at: 1, tool_resources: {}, metadata: {} });

test('two transactions that wait for each other end: one is written, and the other fails with status 503', async () => {
  const { url, giveBack } = await takeDatabase();
  const store = await openPostgresStore({ databaseUrl: url });
  onTestFinished(async () => {
    await store.close();
    giveBack();
  });
  await store.write(async ({ threads }) => {
    await threads.insert(thread('thread_1'));
    await threads.insert(thread('thread_2'));
  });
  let locked = 0;
  const inOrder = (first: string, second: string) =>
    store.write(async ({ threads }) => {
      await threads.lock(first);
      locked += 1;
      await expect.poll(() => locked).toBe(2);
      await threads.lock(second);
      return 'written';
    });
  const results = await Promise.allSettled([inOrder('thread_1', 'thread_2'), inOrder('thread_2', 'thread_1')]);
  expect(results).toContainEqual({ status: 'fulfilled', value: 'written' });
  const failed = results.find((result) => result.status === 'rejected');
  expect(failed?.reason).toMatchObject({ name: 'StoreWriteError', status: 503 });
});

test('text with NUL is stored with the replacement character, and found by it', async () => {
  const { url, giveBack } = await takeDatabase();
  const store = await openPostgresStore({ databaseUrl: url });
  onTestFinished(async () => {
    await store.close();
    giveBack();
  });
  const metadata = { key: 'a\0b' };
  const stored = { ...thread('thread_1'), metadata };
  const alices = store.forTenant('alice');
  await alices.write(({ threads }) => threads.insert(stored));
  const page = { limit: 1, order: 'asc' } as const;
  expect(await alices.threads.list(page, { metadata })).toEqual({ items: [stored], hasMore: false });
  expect(await alices.threads.get('thread\0')).toBeUndefined();
});
