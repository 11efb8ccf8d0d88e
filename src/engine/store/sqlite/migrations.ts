import { type Kysely, sql } from 'kysely';
import { filesMigration } from './filesMigration.ts';
import { runCostMigration } from './runCostMigration.ts';
import { runWebhooksMigration } from './runWebhooksMigration.ts';
import type { Tables } from '../rows/tables.ts';
import { threadListStatements } from './threadListMigration.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { tenantQueueMigration } from './tenantQueueMigration.ts';
import { vectorStoresMigration } from './vectorStoresMigration.ts';

type Migration = (db: Kysely<Tables>) => Promise<void>;

const foundation: Migration = async (db) => {
  for (const statement of [
    sql`create table assistants (seq integer primary key autoincrement, id text not null unique, object text not null)`,
    sql`create table threads (seq integer primary key autoincrement, id text not null unique, object text not null,
      message_count integer not null)`,
    sql`create table messages (seq integer primary key autoincrement, id text not null unique, object text not null,
      thread_id text not null references threads (id) on delete cascade, run_id text)`,
    sql`create index messages_of_thread on messages (thread_id, seq)`,
    sql`create index messages_of_run on messages (run_id, seq) where run_id is not null`,
    sql`create table runs (seq integer primary key autoincrement, id text not null unique, object text not null,
      thread_id text not null references threads (id) on delete cascade, active integer not null,
      expires_at integer not null, claim_after integer, lease text, last_event integer not null, progress text not null)`,
    sql`create index runs_of_thread on runs (thread_id, seq)`,
    sql`create unique index runs_active on runs (thread_id) where active = 1`,
    sql`create index runs_expiring on runs (expires_at) where active = 1`,
    sql`create index runs_waiting on runs (claim_after, seq) where claim_after is not null`,
    sql`create table steps (seq integer primary key autoincrement, id text not null unique, object text not null,
      run_id text not null references runs (id) on delete cascade)`,
    sql`create index steps_of_run on steps (run_id, seq)`,
    sql`create table run_events (run_id text not null references runs (id) on delete cascade, sequence integer not null,
      event text not null, data text not null, primary key (run_id, sequence)) without rowid`,
  ]) {
    await statement.execute(db);
  }
};

/**
 * Positions of deleted objects in their lists, so that their ids remain valid cursors. Those of messages are deleted with
 * their thread.
 */
const deletedPositions: Migration = async (db) => {
  for (const statement of [
    sql`create table deleted_assistants (deletion integer primary key autoincrement, id text not null unique,
      seq integer not null)`,
    sql`create table deleted_messages (id text not null primary key, seq integer not null,
      thread_id text not null references threads (id) on delete cascade, run_id text) without rowid`,
    sql`create index deleted_messages_of_thread on deleted_messages (thread_id)`,
  ]) {
    await statement.execute(db);
  }
};

/** Owners of assistants and threads. What was there before belongs to the default tenant. */
const tenants: Migration = async (db) => {
  for (const statement of [
    sql`alter table assistants add column tenant text not null default 'default'`,
    sql`create index assistants_of_tenant on assistants (tenant, seq)`,
    sql`alter table threads add column tenant text not null default 'default'`,
    sql`alter table deleted_assistants add column tenant text not null default 'default'`,
  ]) {
    await statement.execute(db);
  }
};

/** Usage of the ended runs of a thread by model, including those that had ended before. */
const threadUsage: Migration = async (db) => {
  for (const statement of [
    sql`create table thread_usage (thread_id text not null references threads (id) on delete cascade, model text not null,
      unknown_runs integer not null, uncounted_runs integer not null, prompt_tokens integer not null,
      completion_tokens integer not null, cached_tokens integer not null, max_run_prompt_tokens integer not null,
      first_run_at integer not null, last_run_at integer not null, primary key (thread_id, model)) without rowid`,
    sql`insert into thread_usage select thread_id, object ->> '$.model', sum(object ->> '$.usage' is null),
      sum(coalesce(object ->> '$.usage.prompt_tokens', 0) > 0 and object ->> '$.usage.prompt_token_details.cached_tokens' is null),
      total(object ->> '$.usage.prompt_tokens'), total(object ->> '$.usage.completion_tokens'),
      total(object ->> '$.usage.prompt_token_details.cached_tokens'),
      coalesce(max(object ->> '$.usage.prompt_tokens'), 0), min(object ->> '$.created_at'), max(object ->> '$.created_at')
      from runs where active = 0 group by 1, 2`,
  ]) {
    await statement.execute(db);
  }
};

/** Idempotency keys of each tenant, with the results of their transactions. */
const idempotencyKeys: Migration = async (db) => {
  for (const statement of [
    sql`create table idempotency_keys (tenant text not null, key text not null, fingerprint text not null,
      result text not null, created_at integer not null, primary key (tenant, key)) without rowid`,
    sql`create index idempotency_keys_by_age on idempotency_keys (created_at)`,
  ]) {
    await statement.execute(db);
  }
};

/** What assistants were given for their model calls and their objects do not show. */
const assistantSettings: Migration = async (db) => {
  await sql`alter table assistants add column settings text`.execute(db);
};

const files: Migration = async (db) => {
  for (const statement of filesMigration) await statement.execute(db);
};

const vectorStores: Migration = async (db) => {
  for (const statement of vectorStoresMigration) await statement.execute(db);
};

/** Calls of the engine's own tools, with what their steps do not show. */
const engineCalls: Migration = async (db) => {
  for (const statement of [
    sql`create table engine_calls (seq integer primary key autoincrement, id text not null unique,
      run_id text not null references runs (id) on delete cascade, name text not null, arguments text not null,
      output text, citations text not null, images text not null)`,
    sql`create index engine_calls_of_run on engine_calls (run_id, seq)`,
  ]) {
    await statement.execute(db);
  }
};

const threadList: Migration = async (db) => {
  for (const statement of threadListStatements) await statement.execute(db);
};

/** Runs with tool calls for the server, which do not wait behind those that wait for a model. */
const runsWithServerCalls: Migration = async (db) => {
  await sql`create index runs_with_server_calls on runs (claim_after, seq)
    where claim_after is not null and coalesce(json_extract(progress, '$.hasServerCalls'), 0)`.execute(db);
};

/** Members of runs by which they are read, as columns: not every database can look into all JSON. */
const runColumns: Migration = async (db) => {
  for (const statement of [
    sql`alter table runs add column status text not null default ''`,
    sql`alter table runs add column created_at integer not null default 0`,
    sql`alter table runs add column has_server_calls integer not null default 0`,
    sql`update runs set status = object ->> '$.status', created_at = cast(object ->> '$.created_at' as integer),
      has_server_calls = coalesce(json_extract(progress, '$.hasServerCalls'), 0)`,
    sql`drop index runs_with_server_calls`,
    sql`drop index runs_waiting`,
    sql`create index runs_waiting on runs (has_server_calls, claim_after, seq) where claim_after is not null`,
  ]) {
    await statement.execute(db);
  }
};

const runWebhooks: Migration = async (db) => {
  for (const statement of runWebhooksMigration) await statement.execute(db);
};

const runCost: Migration = async (db) => {
  for (const statement of runCostMigration) await statement.execute(db);
};

/** What a run follows in its thread: see `Tables`. Not known of the runs of before. */
const runPositions: Migration = async (db) => {
  await sql`alter table runs add column after_message text`.execute(db);
};

const tenantQueues: Migration = async (db) => {
  for (const statement of tenantQueueMigration) await statement.execute(db);
};

/** In order. The schema version is the number of migrations applied. Never change a released one: add another. */
const migrations: Migration[] = [
  foundation,
  deletedPositions,
  tenants,
  threadUsage,
  idempotencyKeys,
  assistantSettings,
  files,
  vectorStores,
  engineCalls,
  threadList,
  runsWithServerCalls,
  runWebhooks,
  runColumns,
  runCost,
  runPositions,
  tenantQueues,
];

/**
 * Migrates the tables to this version, in the transaction of `db`. `path` is for error messages.
 * @throws {StoreUnavailableError} if the file is of a later version or of another program
 */
export const migrate = async (db: Kysely<Tables>, path: string): Promise<void> => {
  const tables = await db.introspection.getTables();
  if (tables.length > 0 && !tables.some(({ name }) => name === 'schema_versions')) {
    throw new StoreUnavailableError(`${path} is an SQLite file of another program; choose another path`);
  }
  await sql`create table if not exists schema_versions (version integer primary key, applied_at integer not null)`.execute(
    db,
  );
  const found = await db
    .selectFrom('schema_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst();
  const current = found?.version ?? 0;
  if (current > migrations.length) {
    throw new StoreUnavailableError(
      `${path} has schema version ${current}, written by a later version of this program; this one knows up to ${migrations.length}`,
    );
  }
  for (const [index, apply] of migrations.entries()) {
    const version = index + 1;
    if (version <= current) continue;
    await apply(db);
    await db.insertInto('schema_versions').values({ version, applied_at: Date.now() }).execute();
  }
};
