import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Database from 'libsql';
import { errorCodeOf } from '../../errorCode.ts';
import { type FileLock, lockFile, realPathOf } from './fileLock.ts';
import { StoreUnavailableError } from '../unavailable.ts';

/** Maximum number of prepared statements. The engine has about fifty, and inserts vary in their number of rows. */
const preparedLimit = 200;

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
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

const inUse = (path: string) => `${path} is in use by another process; stop that one or choose another path`;

const messages: Record<string, (path: string) => string> = {
  SQLITE_BUSY: inUse,
  SQLITE_LOCKED: inUse,
  SQLITE_NOTADB: (path) => `${path} is not an SQLite file; choose another path`,
  SQLITE_READONLY: (path) => `${path} cannot be written: it is read-only`,
  SQLITE_CORRUPT: (path) => `${path} is damaged; restore it from a copy or choose another path`,
};

/** How long the start waits for a backup that is just opening the file. */
const openBusyMs = 1000;

/** How long a statement waits for another program that writes to the file. The event loop waits too. */
const busyMs = 20;

/** The log grows while a backup reads. Afterwards it is truncated to this many bytes. */
const logBytes = 64 * 1024 * 1024;

/**
 * Whether the file may have other names, in other folders or containers, which lead to other lock files and write-ahead logs:
 * hard links, or a mount of the file alone.
 */
const mayHaveOtherNames = (realPath: string) => {
  const file = statSync(realPath);
  return file.nlink > 1 || file.dev !== statSync(dirname(realPath)).dev;
};

/**
 * Opens an SQLite file for one server: no other can open it until it is closed or its process has ended, in whatever way. Other
 * processes can read it meanwhile, as a backup does.
 * @throws {StoreUnavailableError}
 */
export const openSqliteFile = (path: string): SqliteDatabase => {
  if (path !== ':memory:') checkPath(path);
  let lock: FileLock | undefined;
  let database: Database.Database | undefined;
  try {
    const realPath = path === ':memory:' ? path : realPathOf(path);
    if (path !== ':memory:') lock = lockFile(realPath);
    database = new Database(realPath, { timeout: openBusyMs });
    if (path !== ':memory:' && mayHaveOtherNames(realPath)) database.exec('pragma locking_mode = exclusive');
    database.pragma('journal_mode = wal');
    database.exec(`pragma journal_size_limit = ${logBytes}`);
    // A commit is on the disk before it is acknowledged, but not by SQLite, which would block the thread: see logSync.ts.
    database.exec('pragma synchronous = normal');
    database.exec('pragma foreign_keys = on');
    // A server of an earlier version locks the data file itself, so that this fails.
    database.exec('begin immediate; commit');
    database.exec(`pragma busy_timeout = ${busyMs}`);
  } catch (error) {
    database?.close();
    lock?.release();
    const message = messages[errorCodeOf(error) ?? ''];
    throw new StoreUnavailableError(message?.(path) ?? `${path} cannot be opened: ${reasonOf(error)}`);
  }
  return preparing(database, lock);
};

/** The database for kysely, with each statement prepared once. */
const preparing = (database: Database.Database, lock: FileLock | undefined): SqliteDatabase => {
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
      // A connection stays open until its statements are garbage-collected. Leaving the modes releases their locks, and leaves one
      // file that has all of the data.
      try {
        database.pragma('journal_mode = delete');
        database.pragma('locking_mode = normal');
        database.pragma('schema_version');
      } catch {
        // A backup reads the file (SQLITE_BUSY): the write-ahead log stays, and the next process that opens the file reads it too. Or the file
        // is not at its path any more (SQLITE_READONLY_DBMOVED), or cannot be written: nobody waits for its lock.
      }
      database.close();
      lock?.release();
    },
  };
};
