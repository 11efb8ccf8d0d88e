import { Kysely, SqliteDialect } from 'kysely';
import type { Tables } from '../rows/tables.ts';
import { migrate } from './migrations.ts';
import { openSqliteFile } from './sqliteFile.ts';

/**
 * Opens an SQLite file for this process alone, with the tables of this version: they are created or migrated if needed. No worker can
 * hold a lease then, so that runs wait to be claimed.
 * @throws {StoreUnavailableError}
 */
export const openSqliteDatabase = async (path: string): Promise<Kysely<Tables>> => {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openSqliteFile(path) }) });
  try {
    await db.transaction().execute((transaction) => migrate(transaction, path));
    await db.updateTable('runs').set({ claim_after: 0, lease: null }).where('lease', 'is not', null).execute();
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
};
