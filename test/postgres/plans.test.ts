import { type CompiledQuery, CompiledQuery as Query, Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noChanges } from '../../src/engine/store/changeNotifier.ts';
import { postgresDialect } from '../../src/engine/store/postgres/postgresDialect.ts';
import { Rows } from '../../src/engine/store/rows/rows.ts';
import type { Tables } from '../../src/engine/store/rows/tables.ts';
import type { WorkerWrites } from '../../src/engine/store/store.ts';
import { insertAll, inserts, reads, writes } from '../access/storeCalls.ts';
import { assistant, run, thread } from '../graph/fixtures.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';
import { manyRows } from './manyRows.ts';

/** Of the statements in the log of the database, those that have a plan. */
const hasPlan = /^\s*(?:select|insert|update|delete|with)\b/i;

const statements: CompiledQuery[] = [];
let db: Kysely<Tables>;
let url: string;

beforeAll(async () => {
  ({ url } = await takeDatabase());
  await queryDatabase(url, manyRows);
  db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url, max: 2 }) }),
    log: ({ query }) => {
      if (hasPlan.test(query.sql)) statements.push(query);
    },
  });
  await db
    .transaction()
    .execute((transaction) => insertAll(new Rows(transaction, postgresDialect, noChanges(), [], 'tenant1')));
}, 120_000);
afterAll(() => db.destroy());

/** Calls of workers and of imports, and those with filters. */
const others: Record<string, (to: WorkerWrites) => Promise<unknown>> = {
  'assistants.list after a cursor': ({ assistants }) =>
    assistants.list({ limit: 20, order: 'desc', after: assistant.id }),
  'threads.list after a cursor': ({ threads }) =>
    threads.list({ limit: 20, order: 'desc', after: thread.id }, { metadata: {} }),
  'threads.list by metadata': ({ threads }) =>
    threads.list({ limit: 20, order: 'desc' }, { metadata: { user: 'u1', topic: 't1' } }),
  'threads.list by creation': ({ threads }) =>
    threads.list({ limit: 20, order: 'asc' }, { metadata: {}, createdFrom: 100, createdBefore: 200 }),
  'messages.list after a deleted message': ({ messages }) =>
    messages.list('thread_m3', { limit: 20, order: 'desc', after: 'msg_md2' }),
  'files.list of a purpose': ({ files }) => files.list({ limit: 20, order: 'desc' }, 'assistants'),
  'vectorStoreFiles.list of a batch': ({ vectorStoreFiles }) =>
    vectorStoreFiles.list('vs_m1', { limit: 20, order: 'asc' }, { status: 'completed', batchId: 'vsfb_m1' }),
  'threads.tenantOf': ({ threads }) => threads.tenantOf(thread.id),
  'threads.hasDeleted': ({ threads }) => threads.hasDeleted(),
  'threads.removeDeleted': ({ threads }) => threads.removeDeleted(100),
  'events.prune': ({ events }) => events.prune(50, 100),
  'runs.hasPrunable': ({ runs }) => runs.hasPrunable(50),
  'runs.isAnyOverdue': ({ runs }) => runs.isAnyOverdue(1_000_100),
  'runs.overdue': ({ runs }) => runs.overdue(1_000_100, 100),
  'runs.countActive': ({ runs }) => runs.countActive(),
  'runs.claimable': ({ runs }) => runs.claimable(1_000_100, 64, 'model_call'),
  'runs.renew': ({ runs }) => runs.renew('lease1', 2),
  'runs.release': ({ runs }) => runs.release('lease none', 2),
  'files.storedBytes': ({ files }) => files.storedBytes(),
  'files.isReferenced': ({ files }) => files.isReferenced('sha none'),
  'files.lockStoredBytes': ({ files }) => files.lockStoredBytes(),
  'files.expired': ({ files }) => files.expired(2_000_000_000_100, 100),
  'uploads.expired': ({ uploads }) => uploads.expired(2_000_000_000_100, 100),
  'runWebhooks.take': ({ runWebhooks }) => runWebhooks.take('target1', 1_000_100, 32, 2),
  'runWebhooks.nextDueAt': ({ runWebhooks }) => runWebhooks.nextDueAt('target1'),
  'runWebhooks.postpone': ({ runWebhooks }) => runWebhooks.postpone(1, 1, 2),
  'runWebhooks.makeDue': ({ runWebhooks }) => runWebhooks.makeDue('target1', 2),
  'runWebhooks.add': ({ runWebhooks }) => runWebhooks.add([{ id: 'new', body: '{}' }]),
  'runWebhooks.remove': ({ runWebhooks }) => runWebhooks.remove([1, 2]),
  'runWebhooks.removeOlder': ({ runWebhooks }) => runWebhooks.removeOlder(1_000_010),
  'idempotencyKeys.lock': ({ idempotencyKeys }) => idempotencyKeys.lock('key1'),
  'idempotencyKeys.insert': ({ idempotencyKeys }) => idempotencyKeys.insert('new', { fingerprint: 'f', result: '1' }),
  'ingestion.waiting': ({ ingestion }) => ingestion.waiting(1_000_100, 4),
  'ingestion.isWaiting': ({ ingestion }) => ingestion.isWaiting(1),
  'ingestion.entriesAfter': ({ ingestion }) => ingestion.entriesAfter(100, 100),
  'ingestion.removed': ({ ingestion }) => ingestion.removed(100),
  'ingestion.expired': ({ ingestion }) => ingestion.expired(2_000_000_000_100, 4),
  'ingestion.start': ({ ingestion }) => ingestion.start(1, 2, 3),
  'ingestion.renew': ({ ingestion }) => ingestion.renew(1, 3),
  'ingestion.release': ({ ingestion }) => ingestion.release(1, 3),
  'ingestion.finish': ({ ingestion }) => ingestion.finish(1, { status: 'completed', usage_bytes: 1, last_error: null }),
  'ingestion.requeue': ({ ingestion }) => ingestion.requeue(1, 3),
  'ingestion.forgetRemoved': ({ ingestion }) => ingestion.forgetRemoved([1_000_001]),
  'ingestion.clear': ({ ingestion }) => ingestion.clear('vs_m1'),
  'imports.existing': async (store) => {
    const imports = store.importsFor('tenant1');
    for (const table of ['assistants', 'threads', 'messages', 'runs', 'steps', 'files', 'vector_stores'] as const) {
      await imports.existing(table, ['one', 'two']);
    }
  },
  'imports.messageCounts': (store) => store.importsFor('tenant1').messageCounts([thread.id]),
  'imports.order': (store) => store.importsFor('tenant1').order('runs', thread.id, ['run_m1', run.id]),
};

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

const scansIn = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : []),
  ...(plan.Plans ?? []).flatMap(scansIn),
];

/** Tables whose rows are few: one for each tenant. */
const small = ['file_usage'];

class RolledBack extends Error {}

/** The statements of a call that read a table as a whole. Nothing of the call is kept. */
const scansOf = async (call: (to: WorkerWrites) => Promise<unknown>, tenant: string | undefined): Promise<string[]> => {
  statements.length = 0;
  const calling = db.transaction().execute(async (transaction) => {
    await call(new Rows(transaction, postgresDialect, noChanges(), ['target1'], tenant));
    throw new RolledBack();
  });
  await calling.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  const scans: string[] = [];
  for (const { sql, parameters } of statements.splice(0)) {
    const { rows } = await db.executeQuery<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      Query.raw(`explain (format json) ${sql}`, [...parameters]),
    );
    const tables = (rows[0]?.['QUERY PLAN'] ?? []).flatMap(({ Plan: plan }) => scansIn(plan));
    scans.push(...tables.filter((table) => !small.includes(table)).map((table) => `${table}: ${sql}`));
  }
  return scans;
};

const calls = { ...reads, ...writes, ...inserts, ...others };

test.each(Object.entries(calls))('%s of a tenant reads no table as a whole', async (_, call) => {
  expect(await scansOf(call, 'tenant1')).toEqual([]);
});

// Workers have no tenant. They do not list threads.
const ofWorkers = Object.entries(calls).filter(([name]) => !name.startsWith('threads.list'));

test.each(ofWorkers)('%s of all tenants reads no table as a whole', async (_, call) => {
  expect(await scansOf(call, undefined)).toEqual([]);
});

test('the calls are all that a store has', () => {
  const tested = Object.keys(calls).map((name) => name.replace(/ .*/u, ''));
  const insertedFirst = ['assistants', 'threads', 'files', 'uploads', 'vectorStores'].map((name) => `${name}.insert`);
  const known = [...tested, ...insertedFirst];
  const store = new Rows(db, postgresDialect, noChanges(), []);
  const all = Object.getOwnPropertyNames(Rows.prototype).flatMap((name) => {
    const rows: unknown = Reflect.get(store, name);
    return typeof rows === 'object' && rows !== null ? Object.keys(rows).map((one) => `${name}.${one}`) : [];
  });
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((name) => !known.includes(name))).toEqual([]);
});

const readAll = async () => {
  await db.selectFrom('runs').select('id').where('object', '=', 'none').execute();
};

test('a plan that reads a table as a whole is noticed', async () => {
  expect(await scansOf(readAll, undefined)).toEqual([expect.stringMatching(/^runs: select/u)]);
});

test('what is deleted with its parent is found by an index', async () => {
  const unindexed = await queryDatabase(
    url,
    `select conrelid::regclass::text as child, conname from pg_constraint where contype = 'f' and not exists (
      select 1 from pg_index where indrelid = conrelid and (indkey::int2[])[0] = conkey[1])`,
  );
  expect(unindexed).toEqual([]);
});
