import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, openEngine } from '../../src/engine/engine.ts';
import { queryDatabase } from '../../test/support/databases.ts';
import { type PostgresServer, startPostgres } from '../../test/support/postgresServer.ts';
import { percentile } from '../measure/percentile.ts';
import { fillThreads } from './fillThreads.ts';
import { type PlanCosts, planCostsIn } from './planCosts.ts';

/** Starts a PostgreSQL server that logs the plan of each statement, with the blocks and the rows that it touched. */
export const startExplainingPostgres = (): Promise<PostgresServer> =>
  startPostgres({
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
    const truncation_strategy = { type: 'last_messages', last_messages: 20 };
    const body = JSON.stringify({ assistant_id: assistantId, truncation_strategy, stream: true });
    const url = `http://engine.local/v1/threads/${thread}/runs`;
    const events = await (await engine.fetch(new Request(url, { method: 'POST', headers, body }))).text();
    if (!events.includes('event: thread.run.completed')) throw new Error(`the run is not completed: ${events}`);
  },
});

/** What an operation touches, and the median of its times in milliseconds. */
export interface OperationCosts extends PlanCosts {
  milliseconds: number;
}

const timedRounds = 30;

const medianTime = async (operate: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < timedRounds; round += 1) {
    const start = performance.now();
    await operate();
    times.push(performance.now() - start);
  }
  return percentile(times, 50);
};

/** What `measure` returns for each operation on a thread of `length` messages, by name of the operation. Closes the engine. */
const measureEach = async <Measured>(
  engine: Engine,
  length: number,
  measure: (operate: () => Promise<unknown>) => Promise<Measured>,
): Promise<Map<string, Measured>> => {
  try {
    const { id } = await requestTo<{ id: string }>(engine, 'POST', '/assistants', { model: 'offline' });
    const measured = new Map<string, Measured>();
    for (const [name, operate] of Object.entries(operations('thread_0', length))) {
      await operate(engine, id); // What is read for the first time on a connection is not its cost.
      measured.set(name, await measure(() => operate(engine, id)));
    }
    return measured;
  } finally {
    await engine.close();
  }
};

/** What each operation on a thread of `length` messages costs, in a new database of `count` messages. By name of the operation. */
export const historyCosts = async (
  postgres: PostgresServer,
  database: string,
  count: number,
  length: number,
): Promise<Map<string, OperationCosts>> => {
  await queryDatabase(postgres.url(), `create database ${database}`);
  const databaseUrl = postgres.url(database);
  const open = () => openEngine({ dataPath: ':memory:', databaseUrl, databasePoolSize: 2, sweepIntervalMs: 3_600_000 });
  await (await open()).close();
  await fillThreads(databaseUrl, count, length);
  const plans = await measureEach(await open(), length, async (operate) => {
    await sleep(1000);
    const logged = postgres.output().length;
    await operate();
    await sleep(1000);
    return planCostsIn(postgres.output().slice(logged));
  });
  // Explaining statements takes time of its own.
  await queryDatabase(databaseUrl, `alter database ${database} set auto_explain.log_min_duration = -1`);
  const times = await measureEach(await open(), length, medianTime);
  return new Map([...plans].map(([name, plan]) => [name, { ...plan, milliseconds: times.get(name) ?? 0 }]));
};
