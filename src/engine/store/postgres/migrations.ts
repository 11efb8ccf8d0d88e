import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../rows/tables.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { contentsMigration } from './contentsMigration.ts';
import { databaseNameOf } from './databaseName.ts';
import { foundation } from './foundation.ts';
import { runCostStatements } from './runCost.ts';
import { runPositionStatements } from './runPositions.ts';
import { searchMigration } from './searchMigration.ts';
import { tenantQueueStatements } from './tenantQueue.ts';

/** In order. The schema version is the number of migrations applied. Never change a released one: add another. */
const migrations: readonly (readonly RawBuilder<unknown>[])[] = [
  foundation,
  runCostStatements,
  contentsMigration,
  searchMigration,
  runPositionStatements,
  tenantQueueStatements,
];

/** The advisory lock that a migration holds. Any number, which no other program is likely to use in the same database. */
const migrationLock = 5_276_812_093;

/** The earliest version, as `server_version_num` has it. */
const earliestServer = 150_000;

const checkServer = async (db: Kysely<Tables>, databaseUrl: string) => {
  const { rows } = await sql<{
    number: number;
    name: string;
  }>`select current_setting('server_version_num')::int as number,
    current_setting('server_version') as name`.execute(db);
  const [server] = rows;
  if (server !== undefined && server.number < earliestServer) {
    throw new StoreUnavailableError(
      `PostgreSQL: ${databaseNameOf(databaseUrl)} is on version ${server.name}; this program needs 15 or later`,
    );
  }
};

/**
 * Creates the tables or migrates them to this version, in the transaction of `db`. Of several processes that start at once, one
 * does so and the others wait for it.
 * @throws {StoreUnavailableError} if the server is too old, or the tables are of a later version or of another program
 */
export const migrateDatabase = async (db: Kysely<Tables>, databaseUrl: string): Promise<void> => {
  await checkServer(db, databaseUrl);
  await sql`select set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)`.execute(db);
  await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(db);
  const { rows: known } = await sql<{ versions: string | null; threads: string | null }>`
    select to_regclass('schema_versions') as versions, to_regclass('threads') as threads`.execute(db);
  if (known[0]?.versions === null) {
    if (known[0].threads !== null) {
      throw new StoreUnavailableError(
        `PostgreSQL: ${databaseNameOf(databaseUrl)} has tables of another program; name another database in DATABASE_URL`,
      );
    }
    await sql`create table schema_versions (version integer primary key, applied_at bigint not null)`.execute(db);
  }
  const found = await db
    .selectFrom('schema_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst();
  const current = found?.version ?? 0;
  if (current > migrations.length) {
    throw new StoreUnavailableError(
      `PostgreSQL: ${databaseNameOf(databaseUrl)} has schema version ${current}, written by a later version of this program; this one knows up to ${migrations.length}`,
    );
  }
  for (const [index, statements] of migrations.entries()) {
    const version = index + 1;
    if (version <= current) continue;
    for (const statement of statements) await statement.execute(db);
    await db.insertInto('schema_versions').values({ version, applied_at: Date.now() }).execute();
  }
};
