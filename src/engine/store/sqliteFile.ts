import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Database from 'libsql';
import { StoreUnavailableError } from './unavailable.ts';

/** Maximum number of prepared statements. The engine has about fifty, and inserts vary in their number of rows. */
const preparedLimit = 200;

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Creates a directory and its parents. Node's `recursive` never returns if mkdir fails with "no such file", as under /proc. */
const makeDirectory = (directory: string) => {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  mkdirSync(directory);
};

/** Reports what is wrong with the path, for which SQLite's only message is "unable to open". */
const checkPath = (path: string) => {
  const directory = dirname(path);
  try {
    makeDirectory(directory);
  } catch (error) {
    throw new StoreUnavailableError(`cannot create the directory ${directory} for the data file: ${reasonOf(error)}`);
  }
  if (!statSync(directory).isDirectory()) {
    throw new StoreUnavailableError(`${path} cannot be created: ${directory} is not a directory`);
  }
  const exists = existsSync(path);
  if (exists && statSync(path).isDirectory()) {
    throw new StoreUnavailableError(`${path} is a directory; give the path of a file`);
  }
  try {
    accessSync(exists ? path : directory, constants.R_OK | constants.W_OK);
    accessSync(directory, constants.W_OK);
  } catch {
    throw new StoreUnavailableError(`${path} cannot be written: no permission`);
  }
};

const messages: Record<string, (path: string) => string> = {
  SQLITE_BUSY: (path) => `${path} is in use by another process; stop that one or choose another path`,
  SQLITE_LOCKED: (path) => `${path} is in use by another process; stop that one or choose another path`,
  SQLITE_NOTADB: (path) => `${path} is not an SQLite file; choose another path`,
  SQLITE_READONLY: (path) => `${path} cannot be written: it is read-only`,
  SQLITE_CORRUPT: (path) => `${path} is damaged; restore it from a copy or choose another path`,
};

/**
 * Opens an SQLite file and locks it until it is closed. The operating system releases the lock when the process ends, in
 * whatever way.
 * @throws {StoreUnavailableError}
 */
export const openSqliteFile = (path: string): SqliteDatabase => {
  if (path !== ':memory:') checkPath(path);
  let database: Database.Database | undefined;
  try {
    database = new Database(path);
    database.exec('pragma locking_mode = exclusive');
    database.pragma('journal_mode = wal');
    // A commit is on the disk before it is acknowledged. `normal` would lose the latest ones in a power failure.
    database.exec('pragma synchronous = full');
    database.exec('pragma foreign_keys = on');
    database.exec('begin exclusive; commit');
  } catch (error) {
    database?.close();
    const message = messages[String(codeOf(error))];
    throw new StoreUnavailableError(message?.(path) ?? `${path} cannot be opened: ${reasonOf(error)}`);
  }
  return preparing(database);
};

/** The database for kysely, with each statement prepared once. */
const preparing = (database: Database.Database): SqliteDatabase => {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql);
      const fresh: SqliteStatement = {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => statement.iterate(parameters),
      };
      const [oldest] = prepared.keys();
      if (prepared.size >= preparedLimit && oldest !== undefined) prepared.delete(oldest);
      prepared.set(sql, fresh);
      return fresh;
    },
    close: () => {
      prepared.clear();
      // Statements not yet garbage-collected keep a closed connection and its lock alive. Leaving the modes that hold
      // the lock releases it.
      try {
        database.pragma('journal_mode = delete');
        database.pragma('locking_mode = normal');
        database.pragma('schema_version');
      } catch {
        // The file is not at its path any more (SQLITE_READONLY_DBMOVED), or cannot be written: nobody waits for its lock.
      }
      database.close();
    },
  };
};
