import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startStallingProxy } from '../../bench/postgres/stallingProxy.ts';
import {
  type CommittedChanges,
  createChangeNotifier,
  noChanges,
  type RunChange,
} from '../../src/engine/store/changeNotifier.ts';
import { type ReplicaChangesOptions, startReplicaChanges } from '../../src/engine/store/postgres/replicaChanges.ts';
import { takeDatabase } from '../support/databases.ts';

let databaseUrl: string;
let database: Client;
let giveBackDatabase: () => void;

beforeAll(async () => {
  const { url, giveBack } = await takeDatabase();
  databaseUrl = url;
  giveBackDatabase = giveBack;
  database = new Client({ connectionString: databaseUrl });
  await database.connect();
});

afterAll(async () => {
  await database.end();
  giveBackDatabase();
});

/** A replica, and what its listeners have been called with so far. */
const startReplica = async (options: Partial<ReplicaChangesOptions> = {}) => {
  const notifier = createChangeNotifier();
  const log: string[] = [];
  const changes = await startReplicaChanges({
    databaseUrl,
    notifier,
    lookIntervalMs: 60_000,
    log: (line) => log.push(line),
    ...options,
  });
  onTestFinished(() => changes.close());
  const heard = { runs: new Array<[string, RunChange]>(), work: new Array<string>() };
  notifier.onRunWaiting(() => heard.work.push('run'));
  notifier.onFileWaiting(() => heard.work.push('file'));
  notifier.onWebhookWaiting(() => heard.work.push('webhook'));
  const watch = (runId: string) => notifier.onRunChange(runId, (change) => heard.runs.push([runId, change]));
  return { changes, heard, watch, log };
};

const changeOf = (runId: string, change: RunChange): CommittedChanges => ({
  ...noChanges(),
  changedRuns: new Map([[runId, change]]),
});

const ended: RunChange = { status: 'completed', lease: null };
const queued: RunChange = { status: 'queued', lease: null };
const claimed: RunChange = { status: 'in_progress', lease: 'lease' };

/** Sends a change after everything that the test has published before, and waits until `replica` has received it. */
const settled = async (
  from: Awaited<ReturnType<typeof startReplica>>,
  to: Awaited<ReturnType<typeof startReplica>>,
) => {
  const unsubscribe = to.watch('run_last');
  from.changes.publish(changeOf('run_last', ended));
  await vi.waitFor(() => expect(to.heard.runs.map(([id]) => id)).toContain('run_last'), 5000);
  unsubscribe();
  to.heard.runs = to.heard.runs.filter(([id]) => id !== 'run_last');
};

test('listeners of a replica are called for the changes of another one, and for its own by nobody else', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  one.watch('run_1');
  other.watch('run_1');
  one.changes.publish(changeOf('run_1', ended));
  await settled(one, other);
  expect(other.heard.runs).toEqual([['run_1', undefined]]);
  expect(one.heard.runs).toEqual([]);
});

test('files, webhooks and runs that wait are reported to the workers of other replicas', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  other.heard.work = [];
  one.changes.publish({ ...changeOf('run_1', queued), fileWaiting: true, webhooksWaiting: true });
  await settled(one, other);
  expect(other.heard.work).toEqual(['run', 'file', 'webhook']);
});

test('a run that is claimed where it was created is not reported as work to other replicas', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  other.heard.work = [];
  one.changes.publish(changeOf('run_1', queued));
  one.changes.publish(changeOf('run_1', claimed));
  await settled(one, other);
  expect(other.heard.work).toEqual([]);
});

test('the changes of 10,000 runs arrive, though PostgreSQL limits a notification to 8,000 bytes', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  const ids = Array.from({ length: 10_000 }, (_, index) => `run_${index}_with_"quotes"_ä`);
  for (const id of ids) other.watch(id);
  one.changes.publish({ ...noChanges(), changedRuns: new Map(ids.map((id) => [id, ended])) });
  await settled(one, other);
  expect(other.heard.runs.map(([id]) => id)).toEqual(ids);
});

test('after a lost connection every listener is called, and changes are received again', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  other.watch('run_1');
  other.heard.work = [];
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'assistants-graphql changes'`,
  );
  await vi.waitFor(() => expect(other.heard.runs).toEqual([['run_1', undefined]]), 5000);
  expect(other.heard.work).toEqual(['run', 'file', 'webhook']);
  expect(other.log).toEqual([
    expect.stringMatching(/^changes of other replicas are received late: error: terminating connection/),
    'changes of other replicas are received again',
  ]);
  await vi.waitFor(() => expect(one.log).toHaveLength(2), 5000);
  await settled(one, other);
});

test('a change without a notification is found by a look at the runs that have listeners', async () => {
  const replica = await startReplica({ lookIntervalMs: 20 });
  await database.query(`insert into threads (id, object, message_count) values ('thread_1', '{}', 0);
    insert into runs (id, object, thread_id, status, created_at, active, expires_at, last_event, progress)
      select id, '{}', 'thread_1', 'queued', 0, 0, 0, 1, '{}' from unnest(array['run_1', 'run_2']) as id`);
  replica.watch('run_1');
  await vi.waitFor(() => expect(replica.heard.runs).toEqual([['run_1', queued]]), 5000);
  await database.query(`update runs set last_event = 2, status = 'in_progress', lease = 'lease'`);
  await vi.waitFor(() => expect(replica.heard.runs.at(-1)).toEqual(['run_1', claimed]), 5000);
  await database.query('delete from runs');
  await vi.waitFor(() => expect(replica.heard.runs.at(-1)).toEqual(['run_1', undefined]), 5000);
  expect(replica.heard.runs).toHaveLength(3);
});

test('a connection on which nothing arrives any more is given up, and another one is opened', async () => {
  const proxy = await startStallingProxy(Number(new URL(databaseUrl).port));
  onTestFinished(() => proxy.close());
  const url = new URL(databaseUrl);
  url.port = String(proxy.port);
  const cut = await startReplica({ databaseUrl: url.href, lookIntervalMs: 20 });
  proxy.stall();
  await vi.waitFor(() => expect(cut.log).toHaveLength(1), 20_000);
  expect(cut.log[0]).toMatch(/^changes of other replicas are received late: .*timeout/);
  proxy.resume();
  await vi.waitFor(() => expect(cut.log).toHaveLength(2), 20_000);
  const other = await startReplica();
  cut.watch('run_1');
  await settled(other, cut);
}, 60_000);
