import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { clientOf } from '../engine/client.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';
import { binFolder } from '../support/postgresServer.ts';

const open = async (databaseUrl: string) =>
  clientOf(await openEngine({ dataPath: ':memory:', databaseUrl, databasePoolSize: 3, sweepIntervalMs: 50 }));

type Client = Awaited<ReturnType<typeof open>>;

const execute = (name: string, ...args: string[]) => execFileSync(join(binFolder(), name), args);

/** A database without tables, on the same server. */
const emptyDatabase = async (url: string) => {
  const restored = new URL(url);
  restored.pathname = '/restored';
  await queryDatabase(url, 'create database restored template template0');
  onTestFinished(async () => {
    await queryDatabase(url, 'drop database restored with (force)');
  });
  return restored.href;
};

const contentOf = async ({ engine }: Client, id: string) =>
  (await engine.fetch(new Request(`http://engine.test/v1/files/${id}/content`))).text();

test('what pg_dump takes from a server in use is served and continued after pg_restore', async () => {
  const { url, giveBack } = await takeDatabase();
  onTestFinished(giveBack);
  const folder = mkdtempSync(join(tmpdir(), 'dump-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const original = await open(url);
  const assistant = await original.assistant({ name: 'Åse' });
  const run = await original.start(assistant, 'hello');
  await original.until(run, 'completed');
  const { id: fileId } = await original.upload('notes.txt', 'kept in the dump');

  const dump = join(folder, 'dump');
  execute('pg_dump', '--format=custom', `--file=${dump}`, url);
  await original.engine.close();
  const restoredUrl = await emptyDatabase(url);
  execute('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${restoredUrl}`, dump);

  const restored = await open(restoredUrl);
  const before = await restored.messages(run.thread_id);
  expect(before.data).toHaveLength(2);
  expect(await restored.get(`/assistants/${assistant.id}`)).toEqual(assistant);
  expect(await contentOf(restored, fileId)).toBe('kept in the dump');
  const next = await restored.post<typeof run>(`/threads/${run.thread_id}/runs`, { assistant_id: assistant.id });
  await restored.until(next, 'completed');
  expect((await restored.messages(run.thread_id)).data.slice(0, 2)).toEqual(before.data);
  await restored.engine.close();
});
