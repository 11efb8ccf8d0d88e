import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { queryDatabase } from '../../test/support/databases.ts';
import { startPostgres } from '../../test/support/postgresServer.ts';
import { type Engine, openEngine } from '../../src/engine/engine.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { fillThreads } from './fillThreads.ts';
import { type PlanCosts, planCostsIn } from './planCosts.ts';

// What reading and writing one long thread costs among many messages on PostgreSQL, counted in the blocks and rows that the statements
// of the engine touch, as auto_explain reports them: a thread of 100,000 messages and `--messages` in the database, compared with a thread of
// 10,000. `npx tsx bench/postgres/history.ts --messages 10000000`. Ten million take about 15 minutes and 12 GB of disk.

const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } });
/** A thread may have 100,000; a few are added. */
const longest = 99_900;

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Logs the plan of each statement, with the blocks and the rows that it touched. */
const postgres = await startPostgres({
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  shared_buffers: '512MB',
  maintenance_work_mem: '512MB',
  shared_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  log_line_prefix: '%a|',
});

const headers = { 'openai-beta': 'assistants=v2', 'content-type': 'application/json' };

const requestTo = async <Result>(engine: Engine, method: string, path: string, body?: object): Promise<Result> => {
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await engine.fetch(new Request(`http://engine.local/v1${path}`, init));
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Result;
};

const operations = (
  thread: string,
  length: number,
): Record<string, (engine: Engine, assistantId: string) => Promise<unknown>> => ({
  'a page': (engine) => requestTo(engine, 'GET', `/threads/${thread}/messages?limit=100`),
  'a page by cursor': (engine) =>
    requestTo(engine, 'GET', `/threads/${thread}/messages?limit=100&after=msg_${thread}_${length / 2}`),
  'an append': (engine) => requestTo(engine, 'POST', `/threads/${thread}/messages`, { role: 'user', content: 'more' }),
  'a run with last_messages 20': async (engine, assistantId) => {
    const run = await requestTo<RestRun>(engine, 'POST', `/threads/${thread}/runs`, {
      assistant_id: assistantId,
      truncation_strategy: { type: 'last_messages', last_messages: 20 },
    });
    for (;;) {
      const { status } = await requestTo<RestRun>(engine, 'GET', `/threads/${thread}/runs/${run.id}`);
      if (status === 'completed') return;
      if (status !== 'queued' && status !== 'in_progress') throw new Error(`the run is ${status}`);
      await sleep(100);
    }
  },
});

/** What each operation costs in a database of `count` messages, `length` of them in one thread. */
const measured = async (database: string, count: number, length: number): Promise<Map<string, PlanCosts>> => {
  await queryDatabase(postgres.url(), `create database ${database}`);
  const databaseUrl = postgres.url(database);
  const open = () => openEngine({ dataPath: ':memory:', databaseUrl, databasePoolSize: 2, sweepIntervalMs: 3_600_000 });
  await (await open()).close();
  await fillThreads(databaseUrl, count, length);
  const engine = await open();
  try {
    const { id } = await requestTo<{ id: string }>(engine, 'POST', '/assistants', { model: 'offline' });
    const costs = new Map<string, PlanCosts>();
    for (const [name, operate] of Object.entries(operations('thread_0', length))) {
      await operate(engine, id); // What is read for the first time on a connection is not its cost.
      await sleep(1000);
      const logged = postgres.output().length;
      await operate(engine, id);
      await sleep(1000);
      costs.set(name, planCostsIn(postgres.output().slice(logged)));
    }
    return costs;
  } finally {
    await engine.close();
  }
};

try {
  const count = Number(values.messages);
  const alone = await measured('alone', 10_000, 10_000);
  // As far apart from each other as those of the longest thread.
  const spread = await measured('spread', Math.round((10_000 * count) / longest), 10_000);
  const many = await measured('many', count, longest);
  for (const [name, costs] of many) {
    const of = ({ statements, blocks, rows }: PlanCosts) => `${statements} statements, ${rows} rows, ${blocks} blocks`;
    const [first = costs, second = costs] = [alone.get(name), spread.get(name)];
    print(`${name}:`);
    print(`  thread of 10,000 messages, alone: ${of(first)}`);
    print(`  thread of 10,000 messages between others: ${of(second)}`);
    print(`  thread of ${longest.toLocaleString('en')} of ${count.toLocaleString('en')} messages: ${of(costs)}`);
    print(
      `  ${(costs.rows / first.rows).toFixed(2)} times the rows of the first and ${(costs.blocks / second.blocks).toFixed(2)} times the ` +
        `blocks of the second; sequential scans: ${costs.sequentialScans.join(', ') || 'none'}`,
    );
  }
} finally {
  await postgres.stop();
}
