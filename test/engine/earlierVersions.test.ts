import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { startClient } from './client.ts';
import { executeIn, newDataPath } from './dataFiles.ts';

/** A new data file as the first version wrote it. */
const firstVersion = (): string => {
  const dataPath = newDataPath();
  executeIn(dataPath, readFileSync(join(import.meta.dirname, 'fixtures', 'schemaVersion1.sql'), 'utf8'));
  return dataPath;
};

test('threads of a data file from before the list are listed by creation and by metadata', async () => {
  const dataPath = firstVersion();
  executeIn(
    dataPath,
    `update threads set object = json_set(object, '$.metadata', json_object('name', seq, 'topic', 'x'));
     update threads set object = json_set(object, '$.metadata.name', '' || seq, '$.created_at', 2000 - seq)`,
  );
  const client = await startClient({ dataPath });
  const names = async (query: string) => {
    const { data } = await client.get<RestPage<RestThread>>(`/threads?${query}`);
    return data.map(({ metadata }) => metadata?.['name']).join('');
  };
  expect(await names('')).toBe('12');
  expect(await names('metadata[topic]=x&created_at[lt]=1999')).toBe('2');
});

test('runs that ended before the data file was migrated are counted', async () => {
  const client = await startClient({ dataPath: firstVersion() });
  const { usage } = await client.get<RestThread>('/threads/thread_DStlfzT1jz9034dlm2XuDUDT');
  const [run] = (await client.get<RestPage<RestRun>>('/threads/thread_DStlfzT1jz9034dlm2XuDUDT/runs')).data;
  expect(usage).toEqual({
    prompt_tokens: 6,
    completion_tokens: 9,
    total_tokens: 15,
    unknown_runs: 0,
    models: [
      {
        model: run?.model,
        prompt_tokens: 6,
        completion_tokens: 9,
        cached_tokens: 0,
        max_run_prompt_tokens: 6,
        first_run_at: run?.created_at,
        last_run_at: run?.created_at,
      },
    ],
  });
});
