import { realpathSync, statSync } from 'node:fs';
import { lockPathOf } from './fileLock.ts';

/** Which file a path leads to, by its device and inode; undefined if to none. */
const identityOf = (path: string): string | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
};

/** Whether a data file is still at its path. */
export interface FileIdentity {
  /** Once true, it stays so: what was written in the meantime is not in the file that is at the path later. */
  isLost(): boolean;
}

/**
 * Watches over an open SQLite file. One that is deleted or replaced can still be written, by those that have it open, and all of it
 * is gone when they close it. The same holds for its write-ahead log, and without its lock file a second server could open it.
 * Costs three calls of stat(2) for each question.
 */
export const fileIdentity = (path: string): FileIdentity => {
  if (path === ':memory:') return { isLost: () => false };
  const realPath = realpathSync(path);
  const logPath = `${realPath}-wal`;
  const lockPath = lockPathOf(realPath);
  const file = identityOf(path);
  const lock = identityOf(lockPath);
  let log = identityOf(logPath);
  let lost = false;
  return {
    isLost: () => {
      // The first write creates the log, and only the end of the last connection deletes it.
      log ??= identityOf(logPath);
      lost ||= identityOf(path) !== file || identityOf(logPath) !== log || identityOf(lockPath) !== lock;
      return lost;
    },
  };
};
