import { Kysely, SqliteDialect, sql } from 'kysely';
import { groupCommit, type TransactionControl } from './groupCommit.ts';
import { migrate } from './migrations.ts';
import { noticeBoard, type Notices } from './notices.ts';
import { rowsOf } from './rows.ts';
import { openSqliteFile } from './sqliteFile.ts';
import type { Store, StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';

interface Session {
  rows: StoreWrites;
  notices: Notices;
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
 * Opens the store in an SQLite file, making or migrating it as needed; `:memory:` keeps it in memory.
 * @throws {StoreUnavailableError}
 */
export const openSqliteStore = async (path: string): Promise<Store> => {
  const file = openSqliteFile(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  try {
    await db.transaction().execute((transaction) => migrate(transaction, path));
    // The file's lock is ours, so whoever held a lease is gone.
    await db.updateTable('runs').set({ claim_after: 0, lease: null }).where('lease', 'is not', null).execute();
  } catch (error) {
    await db.destroy();
    throw error;
  }

  const board = noticeBoard();
  const writes = groupCommit<Session>(
    (batch) =>
      db.connection().execute((connection) => {
        const notices: Notices = { changedRuns: new Set(), runWaiting: false };
        return batch({ rows: rowsOf(connection, notices), notices }, controlOf(connection));
      }),
    ({ notices }) => board.tell(notices),
  );

  return {
    ...rowsOf(db, { changedRuns: new Set(), runWaiting: false }),
    write: (work) => writes.write(({ rows }) => work(rows)),
    onRunChange: board.onRunChange,
    onRunWaiting: board.onRunWaiting,
    close: async () => {
      await writes.idle();
      await db.destroy();
    },
  };
};
