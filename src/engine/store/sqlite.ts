import { Kysely, SqliteDialect, sql } from 'kysely';
import { groupCommit, type TransactionControl } from './groupCommit.ts';
import { migrate } from './migrations.ts';
import { createChangeNotifier, type CommittedChanges } from './changeNotifier.ts';
import { rowsOf } from './rows.ts';
import { openSqliteFile } from './sqliteFile.ts';
import type { Store, WorkerWrites } from './store.ts';
import type { Tables } from './tables.ts';
import type { Tenant } from '../tenant.ts';

interface Session {
  /** What the tenant owns, or everything. */
  rowsFor: (tenant?: Tenant) => WorkerWrites;
  changes: CommittedChanges;
}

const controlOf = (connection: Kysely<Tables>): TransactionControl => {
  const run = (statement: string) => async () => {
    await sql.raw(statement).execute(connection);
  };
  return {
    begin: run('begin immediate'),
    commit: run('commit'),
    rollback: run('rollback'),
    savepoint: run('savepoint one_write'),
    release: run('release one_write'),
    rollbackToSavepoint: run('rollback to one_write'),
  };
};

/**
 * Opens the store in an SQLite file, which is created or migrated if needed. `:memory:` keeps it in memory.
 * @throws {StoreUnavailableError}
 */
export const openSqliteStore = async (path: string): Promise<Store> => {
  const file = openSqliteFile(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  try {
    await db.transaction().execute((transaction) => migrate(transaction, path));
    // This process holds the file's lock, so no other worker can hold a lease.
    await db.updateTable('runs').set({ claim_after: 0, lease: null }).where('lease', 'is not', null).execute();
  } catch (error) {
    await db.destroy();
    throw error;
  }

  const notifier = createChangeNotifier();
  const writes = groupCommit<Session>(
    (batch) =>
      db.connection().execute((connection) => {
        const changes: CommittedChanges = { changedRuns: new Set(), runWaiting: false };
        return batch({ rowsFor: (tenant) => rowsOf(connection, changes, tenant), changes }, controlOf(connection));
      }),
    ({ changes }) => notifier.notify(changes),
  );

  const reads = (tenant?: Tenant) => rowsOf(db, { changedRuns: new Set(), runWaiting: false }, tenant);
  return {
    ...reads(),
    write: (work) => writes.write(({ rowsFor }) => work(rowsFor())),
    forTenant: (tenant) => ({
      ...reads(tenant),
      write: (work) => writes.write(({ rowsFor }) => work(rowsFor(tenant))),
      onRunChange: notifier.onRunChange,
    }),
    onRunChange: notifier.onRunChange,
    onRunWaiting: notifier.onRunWaiting,
    close: async () => {
      await writes.idle();
      await db.destroy();
    },
  };
};
