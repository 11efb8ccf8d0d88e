import { Kysely, SqliteDialect } from 'kysely';
import type { Execute } from '../rows/statement.ts';
import type { Tables } from '../rows/tables.ts';
import { executeNow } from './executeNow.ts';
import { migrate } from './migrations.ts';
import { openSqliteFile } from './sqliteFile.ts';

export interface OpenDatabase {
  readonly db: Kysely<Tables>;
  /** For callers that hold the connection of `db`. */
  readonly execute: Execute;
}

/**
 * Opens an SQLite file for this process alone, with the tables of this version: they are created or migrated if needed. No worker can
 * hold a lease then, so that runs wait to be claimed.
 * @throws {StoreUnavailableError}
 */
export const openSqliteDatabase = async (path: string): Promise<OpenDatabase> => {
  const database = openSqliteFile(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  try {
    await db.transaction().execute((transaction) => migrate(transaction, path));
    await db.updateTable('runs').set({ claim_after: 0, lease: null }).where('lease', 'is not', null).execute();
    return { db, execute: executeNow(database) };
  } catch (error) {
    await db.destroy();
    throw error;
  }
};
