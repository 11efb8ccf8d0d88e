import { closeSync, openSync, realpathSync } from 'node:fs';
import Database from 'libsql';

/** The path of a file without symbolic links. The file is created, empty, if it does not exist. */
export const realPathOf = (path: string): string => {
  closeSync(openSync(path, 'a'));
  return realpathSync(path);
};

/** The lock of a data file is an SQLite database of its own, next to it: an empty file that is never deleted. */
export const lockPathOf = (realPath: string): string => `${realPath}-lock`;

/** A lock that one process holds. */
export interface FileLock {
  release(): void;
}

/**
 * Locks a data file against other servers, but not against readers. The lock is an open transaction: the operating system releases
 * it when the process ends, in whatever way. Process ids in a file were rejected: another process may have the id of a dead one.
 * Throws SQLite's error; its code is SQLITE_BUSY if another server holds the lock.
 */
export const lockFile = (realPath: string): FileLock => {
  const database = new Database(lockPathOf(realPath));
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release: () => {
      database.exec('rollback');
      database.close();
    },
  };
};
