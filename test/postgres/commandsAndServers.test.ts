import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { newDataPath, newDirectory } from '../engine/dataFiles.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';
import { linesOf, runCommand, startCommand } from '../transfer/command.ts';

/** Commands are processes, and several of them start. */
const timeout = 180_000;

const newDatabase = async () => {
  const { url, giveBack } = await takeDatabase();
  onTestFinished(giveBack);
  return url;
};

const openServer = (databaseUrl: string) => openEngine({ dataPath: newDataPath(), databaseUrl });

const thread = { id: 'thread_1', object: 'thread', created_at: 1, metadata: {}, tool_resources: {} };

const threadsIn = (url: string) => queryDatabase(url, 'select id from threads');

test('an import into a database and a copy are refused while servers use it, and write nothing', {
  timeout,
}, async () => {
  const url = await newDatabase();
  const env = { DATABASE_URL: url };
  const file = join(newDirectory(), 'threads.jsonl');
  writeFileSync(file, linesOf([thread]));
  const dataPath = newDataPath();
  await (await openEngine({ dataPath })).close();

  const servers = [await openServer(url), await openServer(url)];
  const imported = await runCommand(env, ['import', file]);
  expect(imported.stderr).toMatch(/is used by 2 servers \(\S+, \S.*\); stop them, and repeat the command/);
  expect(imported.code).toBe(1);
  await servers.pop()?.close();
  const copied = await runCommand(env, ['copy', dataPath]);
  expect(copied.stderr).toMatch(/is used by 1 server \(\S.*\); stop it, and repeat the command/);
  expect(copied.code).toBe(1);
  expect(await threadsIn(url)).toEqual([]);

  // Exports are a use like that of servers.
  expect((await runCommand(env, ['export', join(newDirectory(), 'all.jsonl')])).code).toBe(0);
  await servers.pop()?.close();
  expect((await runCommand(env, ['import', file])).code).toBe(0);
  expect(await threadsIn(url)).toEqual([{ id: 'thread_1' }]);
});

test('a server does not start while an import writes to its database, and starts after it', { timeout }, async () => {
  const url = await newDatabase();
  const { child, result } = startCommand({ DATABASE_URL: url }, ['import', '-'], undefined);
  child.stdin?.write(linesOf([thread]));
  const commands = `select 1 from pg_stat_activity where application_name = 'assistants-graphql command'
    and query like '%pg_locks%' and state = 'idle' and datname = current_database()`;
  await expect.poll(() => queryDatabase(url, commands), { timeout: 30_000 }).toHaveLength(1);
  await expect(openServer(url)).rejects.toThrow(
    /is being written to by an import or a copy \(\S.*\); start the server when that has ended/,
  );
  child.stdin?.end();
  expect((await result).code).toBe(0);
  await (await openServer(url)).close();
  expect(await threadsIn(url)).toEqual([{ id: 'thread_1' }]);
});
