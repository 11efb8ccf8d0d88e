import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuMs } from '../machine/usage.ts';
import { percentile } from '../measure/percentile.ts';
import type { Round } from '../runs/drive.ts';
import { driveOverHttp } from '../runs/overHttp.ts';
import { startModelServer } from './modelServer.ts';
import { startReplica } from './replica.ts';
import { newCounts, post } from './requests.ts';
import { postgresWal, sqliteWal, type WalCosts } from './walCosts.ts';
import { modelEnv, startWorld } from './world.ts';

// What runs cost on PostgreSQL: how many a second one replica and three make of a model that takes 200 ms, and commits and bytes of
// the write-ahead log for each run, on both stores. `npm run build && npx tsx bench/postgres/throughput.ts`. Takes about three minutes.

const { values } = parseArgs({ options: { runs: { type: 'string', default: '400' } } });
const runs = Number(values.runs);
const completionMs = 200;
/** Runs one after the other, of which commits and bytes are counted. Few enough for SQLite not to begin its log again. */
const alone = 5;

const print = (line: string) => process.stdout.write(`${line}\n`);

const drive = async (url: string, count: number, atATime: number): Promise<Round> => {
  const { id } = await post<{ id: string }>(url, newCounts(), '/assistants', { model: 'bench' });
  const thread = { messages: [{ role: 'user', content: 'What is the capital of France?' }] };
  const body = JSON.stringify({ assistant_id: id, thread, stream: true });
  const request = {
    method: 'POST',
    path: '/v1/threads/runs',
    body,
    headers: { 'openai-beta': 'assistants=v2' },
  } as const;
  return driveOverHttp({ url, request, completed: 'event: thread.run.completed\n' }, count, atATime);
};

/** A process and those that it has started. */
const familyOf = (pid: number): number[] => {
  const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  return [pid, ...pids.map(Number)];
};

const totalCpuMs = (pids: readonly number[]) =>
  pids.reduce((sum, pid) => {
    try {
      return sum + cpuMs(pid);
    } catch {
      return sum; // It has ended.
    }
  }, 0);

const perRun = ({ commits, bytes }: WalCosts, count: number) =>
  `${(commits / count).toFixed(1)} commits, ${Math.round(bytes / count / 1024)} KiB of log for each run`;

/** Runs a second of so many replicas, each with so many calls of the model at a time. */
const onPostgres = async (replicas: number, callsEach: number, atATime: number): Promise<number> => {
  const world = await startWorld({
    replicas,
    completionMs,
    env: { MODEL_MAX_CONCURRENT_CALLS: String(callsEach) },
  });
  const { url } = world.balancer;
  try {
    await drive(url, 50, 10);
    const wal = await postgresWal(world.databaseUrl);
    const cpuOf = () => ({
      servers: totalCpuMs(world.replicas.map((replica) => replica.pid())),
      PostgreSQL: totalCpuMs(familyOf(world.postgres.pid)),
    });
    const before = cpuOf();
    const { took, times } = await drive(url, runs, atATime);
    const after = cpuOf();
    const rate = runs / (took / 1e6);
    const of = (pick: (time: Round['times'][number]) => number) => Math.round(percentile(times.map(pick), 50) / 1000);
    print(
      `${replicas} replicas, ${callsEach} model calls each, ${atATime} runs at a time: ${rate.toFixed(1)} runs/s; ` +
        `a run takes ${of(({ took: all }) => all)} ms, its first token ${of(({ firstToken }) => firstToken)} ms more than the model's; ` +
        `CPU for each run: servers ${((after.servers - before.servers) / runs).toFixed(1)} ms, ` +
        `PostgreSQL ${((after.PostgreSQL - before.PostgreSQL) / runs).toFixed(1)} ms; ${perRun(await wal(), runs)}`,
    );
    return rate;
  } finally {
    await world.stop();
  }
};

const aloneOnPostgres = async () => {
  const world = await startWorld({ replicas: 1, completionMs });
  try {
    await drive(world.balancer.url, 1, 1);
    const wal = await postgresWal(world.databaseUrl);
    await drive(world.balancer.url, alone, 1);
    print(`PostgreSQL, runs one after the other: ${perRun(await wal(), alone)}`);
  } finally {
    await world.stop();
  }
};

const aloneOnSqlite = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assistants-sqlite-'));
  const dataPath = join(folder, 'data.db');
  const model = await startModelServer(completionMs);
  const replica = await startReplica('server on SQLite', { DATA_PATH: dataPath, ...modelEnv(model) });
  try {
    await drive(replica.url, 1, 1);
    const before = sqliteWal(dataPath);
    await drive(replica.url, alone, 1);
    const after = sqliteWal(dataPath);
    if (before.salt !== after.salt) throw new Error('SQLite has begun its log again; make fewer runs');
    const costs = { commits: after.commits - before.commits, bytes: after.bytes - before.bytes };
    print(`SQLite, runs one after the other: ${perRun(costs, alone)}`);
  } finally {
    await replica.stop();
    model.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

const compare = async (callsEach: number, atATime: number) => {
  const one = await onPostgres(1, callsEach, atATime);
  const three = await onPostgres(3, callsEach, 3 * atATime);
  print(`three replicas make ${(three / one).toFixed(2)} times the runs of one`);
};

await aloneOnSqlite();
await aloneOnPostgres();
// Bound by the model: each replica may make two calls at a time, ten a second.
await compare(2, 4);
// Bound by the processors that all of it shares.
await compare(64, 32);
