import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine, storeSettings } from './openEngine.ts';
import { chunkKey } from '../../src/engine/search/chunkKey.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestVectorStore, RestVectorStoreFile } from '../../src/wire/vectorStore.ts';
import { testServerUrl } from '../support/databases.ts';
import { clientOf, startClient } from './client.ts';
import { executeIn, newDataPath, rowsIn } from './dataFiles.ts';
import { changeStored, settingMember, storedRows } from './storedData.ts';

type Client = ReturnType<typeof clientOf>;

/** Files of one chunk each and one word of their own, in a new store, none of which may be indexed yet. */
const startIngestion = async (client: Client, count: number): Promise<string> => {
  const files = await Promise.all(
    Array.from({ length: count }, (_, index) => client.upload(`${index}.txt`, `heron number${index}`)),
  );
  return (await client.post<RestVectorStore>('/vector_stores', { file_ids: files.map(({ id }) => id) })).id;
};

const whenIndexed = async (client: Client, storeId: string) => {
  await expect
    .poll(() => client.get<RestVectorStore>(`/vector_stores/${storeId}`), { timeout: 30_000, interval: 50 })
    .toMatchObject({ status: 'completed' });
  return client.get<RestVectorStore>(`/vector_stores/${storeId}`);
};

const found = async (client: Client, storeId: string, query: string): Promise<string[]> => {
  const { data } = await client.post<{ data: { filename: string }[] }>(`/vector_stores/${storeId}/search`, {
    query,
    max_num_results: 50,
  });
  return data.map(({ filename }) => filename);
};

/** The entries and the number of chunks in the index that no engine has open. */
const indexOf = async (dataPath: string) => {
  const count = (from: string) =>
    testServerUrl() === undefined
      ? rowsIn(`${dataPath}.search`, `select count(*) as n from ${from}`)
      : storedRows(dataPath, `select count(*)::int as n from ${from}`);
  if (testServerUrl() === undefined) {
    const words = await count(`words_1 where words_1 match 'heron'`);
    return { entries: await count('entries'), chunks: await count('chunks'), words };
  }
  const current = 'search_entries join';
  return {
    entries: await count('search_entries where is_current'),
    chunks: await count(`${current} search_chunks using (build) where is_current`),
    words: await count(`${current} search_words as w using (build) where is_current and w.words @@ 'heron'`),
  };
};

test('files that a closed engine had not indexed are indexed by the next one', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const storeId = await startIngestion(first, 30);
  await first.engine.close();
  const second = await startClient({ dataPath });
  expect((await whenIndexed(second, storeId)).file_counts).toMatchObject({ completed: 30, total: 30 });
  expect(await found(second, storeId, 'number17')).toEqual(['17.txt']);
});

/** A process that indexes, until it has printed that `completed` files are. */
const killedAfter = async (dataPath: string, storeId: string, completed: number) => {
  const script = join(import.meta.dirname, 'ingestionProcess.ts');
  const child: ChildProcess & { stdout: NodeJS.ReadableStream } = spawn(
    process.execPath,
    ['--import', 'tsx', script, storeId],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...(await storeSettings(dataPath)) } },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= completed) break;
  }
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  // Servers that share a database leave the file to the killed one until its lease ends.
  await changeStored(dataPath, 'update vector_store_files set work_after = 1 where work_after is not null');
};

test('kill -9 during the indexing of a batch loses no file and doubles none', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const storeId = await startIngestion(first, 300);
  await first.engine.close();
  for (const completed of [40, 110, 190]) await killedAfter(dataPath, storeId, completed);

  const last = clientOf(await openEngine({ dataPath }));
  expect((await whenIndexed(last, storeId)).file_counts).toEqual({
    in_progress: 0,
    completed: 300,
    failed: 0,
    cancelled: 0,
    total: 300,
  });
  await last.engine.close();
  expect(await indexOf(dataPath)).toEqual({ entries: [{ n: 300 }], chunks: [{ n: 300 }], words: [{ n: 300 }] });
}, 120_000);

const older = `delete from entries where entry > 3; delete from chunks where key >= ${chunkKey(4, 0)};
  delete from words_1 where rowid >= ${chunkKey(4, 0)};`;

/** What may happen to an index that is in a file of its own. */
const spoiltFile: [string, (dataPath: string) => void][] = [
  ['deleted', (dataPath) => rmSync(`${dataPath}.search`)],
  ['damaged', (dataPath) => writeFileSync(`${dataPath}.search`, 'no SQLite file'.repeat(1000))],
  ['older than the data file', (dataPath) => executeIn(`${dataPath}.search`, older)],
];
/** What an operator may do to one that is in the database. */
const spoiltTables: [string, (dataPath: string) => Promise<void>][] = [
  ['deleted', (dataPath) => changeStored(dataPath, 'delete from search_entries')],
  ['older than the data file', (dataPath) => changeStored(dataPath, 'delete from search_entries where entry > 3')],
];

test.each<[string, (dataPath: string) => void | Promise<void>]>(
  testServerUrl() === undefined ? spoiltFile : spoiltTables,
)('an index that is %s is built again from the files', async (_title, spoil) => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const storeId = await startIngestion(first, 10);
  await whenIndexed(first, storeId);
  await first.engine.close();
  for (const suffix of ['-wal', '-shm']) rmSync(`${dataPath}.search${suffix}`, { force: true });
  await spoil(dataPath);

  const lines: string[] = [];
  const second = clientOf(await openEngine({ dataPath, log: (line) => lines.push(line) }));
  await expect
    .poll(() => lines, { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^\d+ files of vector stores are indexed again$/u)]);
  await whenIndexed(second, storeId);
  expect(await found(second, storeId, 'number7')).toEqual(['7.txt']);
  expect(await found(second, storeId, 'heron')).toHaveLength(10);
  await second.engine.close();
  expect(await indexOf(dataPath)).toEqual({ entries: [{ n: 10 }], chunks: [{ n: 10 }], words: [{ n: 10 }] });
});

test('what was deleted while the engine was closed leaves the index', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const storeId = await startIngestion(first, 5);
  await whenIndexed(first, storeId);
  await first.engine.close();
  const deletion = 'delete from vector_store_files where seq in (1, 2)';
  await changeStored(dataPath, { sqlite: `pragma foreign_keys = on; ${deletion}`, postgres: deletion });
  const second = clientOf(await openEngine({ dataPath }));
  expect(await found(second, storeId, 'heron')).toHaveLength(3);
  const { data } = await second.get<RestPage<RestVectorStoreFile>>(`/vector_stores/${storeId}/files`);
  expect(data).toHaveLength(3);
  await second.engine.close();
  await expect.poll(async () => (await indexOf(dataPath)).entries, { timeout: 20_000 }).toEqual([{ n: 3 }]);
});

test('the files of an expired store are removed, and it can be neither searched nor filled', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const storeId = await startIngestion(first, 2);
  await whenIndexed(first, storeId);
  const expires_after = { anchor: 'last_active_at', days: 1 };
  await first.post(`/vector_stores/${storeId}`, { expires_after });
  await first.engine.close();
  await changeStored(dataPath, settingMember('vector_stores', 'expires_at', 1, true));

  const second = await startClient({ dataPath, sweepIntervalMs: 20 });
  await expect
    .poll(() => second.get(`/vector_stores/${storeId}`), { timeout: 20_000 })
    .toMatchObject({ status: 'expired', file_counts: { total: 0 }, expires_after });
  const message = `Vector store ${storeId} has expired. Create another one.`;
  expect(await second.errorOf('POST', `/vector_stores/${storeId}/search`, { query: 'heron' })).toMatchObject({
    status: 400,
    message,
  });
  const { id: fileId } = await second.upload('o.txt', 'otter');
  expect(await second.errorOf('POST', `/vector_stores/${storeId}/files`, { file_id: fileId })).toMatchObject({
    message,
  });
});

test('a store can be searched while nothing can be written, also if its latest use is long ago', async () => {
  const dataPath = newDataPath();
  const first = clientOf(await openEngine({ dataPath }));
  const storeId = await startIngestion(first, 1);
  await whenIndexed(first, storeId);
  await first.engine.close();
  await changeStored(dataPath, settingMember('vector_stores', 'last_active_at', 1));
  const second = await startClient({ dataPath });
  rmSync(`${dataPath}-lock`);
  expect(await second.errorOf('POST', '/vector_stores', {})).toMatchObject({ status: 503 });
  expect(await found(second, storeId, 'heron')).toEqual(['0.txt']);
});
