import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openEngine } from '../../src/engine/engine.ts';
import type { RestPage } from '../../src/wire/page.ts';
import { median } from '../measure/median.ts';

// What a page of the list of threads costs among 1,000 threads and among 1,000,000, through the engine's own API.
// `npx tsx bench/history/threadList.ts`. Takes about a minute and 700 MB of disk.

/** A data file with so many threads, a second apart. A hundred users have one in a hundred threads each; every tenth is archived. */
const withThreads = async (dataPath: string, count: number) => {
  await (await openEngine({ dataPath })).close();
  const database = new Database(dataPath);
  const metadata = `json_object('user', 'u' || (n % 100), 'archived', iif(n % 10 = 0, 'yes', 'no'), 'number', '' || n)`;
  database.exec(`begin;
    insert into threads (id, object, message_count, tenant, created_at)
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
      select 'thread_' || n, json_object('id', 'thread_' || n, 'object', 'thread', 'created_at', 1600000000 + n,
        'tool_resources', json('{}'), 'metadata', ${metadata}), 0, 'default', 1600000000 + n from numbers;
    insert into thread_metadata select tenant, pairs.key, pairs.value, created_at, seq
      from threads, json_each(threads.object, '$.metadata') as pairs;
    commit`);
  database.close();
};

const pages = (count: number): Record<string, string> => ({
  'first page': 'limit=20',
  'page in the middle': `limit=20&after=thread_${count / 2}`,
  'by creation time': `limit=20&created_at[lt]=${1_600_000_000 + count / 2}`,
  'by metadata': 'limit=20&metadata[user]=u7',
  'by metadata, in the middle': `limit=20&metadata[user]=u7&after=thread_${count / 2}`,
  'by two pairs of metadata': 'limit=20&metadata[user]=u7&metadata[archived]=no',
  'by metadata of one thread': `limit=20&metadata[number]=${count / 2}&metadata[archived]=yes`,
});

const rounds = 300;

const measured = async (count: number) => {
  const directory = mkdtempSync(join(tmpdir(), 'threads-'));
  const dataPath = join(directory, 'engine.db');
  await withThreads(dataPath, count);
  const engine = await openEngine({ dataPath });
  const read = async (query: string) => {
    const headers = { 'openai-beta': 'assistants=v2' };
    const response = await engine.fetch(new Request(`http://engine.local/v1/threads?${query}`, { headers }));
    const page = (await response.json()) as RestPage<unknown>;
    return page.data.length;
  };
  const times = new Map<string, { items: number; ms: number }>();
  for (const [name, query] of Object.entries(pages(count))) {
    for (let round = 0; round < rounds; round += 1) await read(query);
    const taken: number[] = [];
    let items = 0;
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now();
      items = await read(query);
      taken.push(performance.now() - started);
    }
    times.set(name, { items, ms: median(taken) });
  }
  await engine.close();
  rmSync(directory, { recursive: true });
  return times;
};

const few = await measured(1000);
const many = await measured(1_000_000);
for (const [name, { items, ms }] of many) {
  const before = few.get(name);
  const ratio = before === undefined ? '' : `, ${(ms / before.ms).toFixed(2)} times`;
  process.stdout.write(
    `${name}: ${before?.ms.toFixed(3)} ms (${before?.items} threads) of 1,000, ${ms.toFixed(3)} ms (${items}) of 1,000,000${ratio}\n`,
  );
}
