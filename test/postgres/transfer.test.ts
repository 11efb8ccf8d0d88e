import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { type Engine, openEngine } from '../../src/engine/engine.ts';
import { newDataPath, newDirectory } from '../engine/dataFiles.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';
import { runCommand } from '../transfer/command.ts';

/** Commands are processes, and several of them start. */
const timeout = 180_000;

const newDatabase = async () => {
  const { url, giveBack } = await takeDatabase();
  onTestFinished(giveBack);
  return url;
};

const sdkOver = (engine: Engine) =>
  new OpenAI({
    apiKey: 'any',
    baseURL: 'http://engine.test/v1',
    maxRetries: 0,
    fetch: (url, init) => engine.fetch(new Request(url, { ...init, duplex: 'half' } as RequestInit)),
  });

/** The index in the database takes other bytes than that in a file. */
const withoutSizes = (path: string) => readFileSync(path, 'utf8').replaceAll(/"usage_bytes":\d+/g, '"usage_bytes":0');

test('an export of a data file is imported into a database, whose export has the same bytes', { timeout }, async () => {
  const directory = newDirectory();
  const [one, two] = [join(directory, '1.jsonl'), join(directory, '2.jsonl')];
  const dataPath = newDataPath();
  const engine = await openEngine({ dataPath, sweepIntervalMs: 50 });
  const { beta, files, vectorStores } = sdkOver(engine);
  const { id: assistant_id } = await beta.assistants.create({ model: 'm', reasoning_effort: 'high' });
  await beta.threads.createAndRunPoll({ assistant_id, thread: { messages: [{ role: 'user', content: 'Hello' }] } });
  const texts = ['The harbour.', 'The harbour.', 'x'.repeat(900_000)];
  const { id: storeId } = await vectorStores.create({ name: 'notes' });
  for (const [index, text] of texts.entries()) {
    const file = await files.create({ file: new File([text], `${index}.txt`), purpose: 'assistants' });
    await vectorStores.files.createAndPoll(storeId, { file_id: file.id });
  }
  await engine.close();
  expect((await runCommand({ DATA_PATH: dataPath }, ['export', one])).code).toBe(0);

  const url = await newDatabase();
  const env = { DATABASE_URL: url };
  const bad = await runCommand(env, ['import', '-', '--strict'], `${readFileSync(one, 'utf8')}bad\n`);
  expect(bad.stderr).toContain('Nothing was imported: 1 object cannot be');
  const counts = () =>
    queryDatabase(
      url,
      `select (select count(*)::int from files) as files, (select count(*)::int from contents where is_kept) as contents,
        (select count(*)::int from threads) as threads`,
    );
  expect(await counts()).toEqual([{ files: 0, contents: 0, threads: 0 }]);

  for (const done of ['3 files, 1 vector store, 3 vector store files', '0 left out']) {
    const { code, stderr } = await runCommand(env, ['import', one]);
    expect(stderr).toContain(done);
    expect(code).toBe(0);
    expect(await counts()).toEqual([{ files: 3, contents: 2, threads: 1 }]);
  }

  const over = await openEngine({ dataPath: newDataPath(), databaseUrl: url, sweepIntervalMs: 50 });
  const sdk = sdkOver(over);
  while ((await sdk.vectorStores.retrieve(storeId)).status === 'in_progress') await pause(50);
  const { data } = await sdk.vectorStores.search(storeId, { query: 'harbour' });
  expect(data.map(({ filename }) => filename).toSorted()).toEqual(['0.txt', '1.txt']);
  await over.close();
  expect((await runCommand(env, ['export', two])).code).toBe(0);
  expect(withoutSizes(two)).toBe(withoutSizes(one));
});
