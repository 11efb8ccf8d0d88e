import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../diskSync.ts';
import { StoreWriteError } from '../writeError.ts';

/** Writes the write-ahead log of an SQLite file from the system's cache to the disk. */
export interface LogSync {
  /**
   * Resolves when all that was written to the log is on the disk; the thread is not blocked meanwhile. Rejects with
   * `StoreWriteError`.
   */
  sync(): Promise<void>;
  /** Why nothing can be written until the process is restarted; undefined if that is not so. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/** After a failed sync the system may have dropped what was not written: https://www.sqlite.org/atomiccommit.html. */
const failedMessage =
  'The disk of the data file failed while it was written. Nothing more is written. Check the disk and restart the server.';

/** SQLite itself makes the name of the log durable only when it first syncs it, at a checkpoint. */
const openLog = async (path: string): Promise<FileHandle> => {
  const log = await open(`${path}-wal`, 'r+');
  await syncFolder(dirname(path));
  return log;
};

/** The log of the file at `path`; of `:memory:` there is none. */
export const logSync = (path: string): LogSync => {
  if (path === ':memory:') return { sync: async () => {}, problem: () => undefined, close: async () => {} };
  let log: Promise<FileHandle> | undefined;
  let failure: StoreWriteError | undefined;
  return {
    sync: async () => {
      if (failure !== undefined) throw failure;
      try {
        // Not before the first commit, which creates it.
        log ??= openLog(path);
        await (await log).datasync();
      } catch (cause) {
        failure = new StoreWriteError(503, failedMessage, { cause });
        throw failure;
      }
    },
    problem: () => failure?.message,
    close: async () => {
      const opened = await log?.catch(() => undefined);
      await opened?.close();
    },
  };
};
