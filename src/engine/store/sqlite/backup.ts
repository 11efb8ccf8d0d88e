import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'libsql';
import { syncNow } from '../../diskSync.ts';
import { errorCodeOf } from '../../errorCode.ts';
import { contentsBackup } from '../../files/backUpContents.ts';

/** A backup was not made. The message is one line for the operator. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** How long a statement waits for a server that is just starting or stopping. */
const busyMs = 5000;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const checkPaths = (dataPath: string, target: string) => {
  const data = statSync(dataPath, { throwIfNoEntry: false });
  if (data === undefined) throw new BackupError(`There is no data file at ${dataPath}; DATA_PATH says where it is.`);
  if (!data.isFile()) throw new BackupError(`${dataPath} is not a file; DATA_PATH must be the path of the data file.`);
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw new BackupError(`${target} exists already. Backups overwrite nothing; choose another path.`);
  }
  if (!existsSync(dirname(target))) throw new BackupError(`The directory ${dirname(target)} does not exist.`);
};

/** Copies all data that is committed when it begins. Writers go on, and what they commit meanwhile is not in the copy. */
const copyData = (dataPath: string, copy: string) => {
  const source = new Database(realpathSync(dataPath), { timeout: busyMs });
  try {
    try {
      // A server that starts meanwhile needs this mode, and could not change it while the file is read.
      source.pragma('journal_mode = wal');
    } catch (error) {
      if (errorCodeOf(error)?.startsWith('SQLITE_BUSY') === true) throw error;
      // A file that cannot be written can be read all the same, and no server can open it.
    }
    source.prepare('vacuum into ?').run([copy]);
  } finally {
    source.close();
  }
};

const checkCopy = (copy: string) => {
  const database = new Database(copy);
  try {
    const result = JSON.stringify(database.prepare('pragma integrity_check').raw().all());
    if (result !== '[["ok"]]') throw new BackupError(`The copy is damaged: ${result.slice(0, 200)}`);
  } finally {
    database.close();
  }
};

const messages: readonly [code: string, message: (dataPath: string, target: string) => string][] = [
  [
    'SQLITE_BUSY',
    (dataPath) =>
      `${dataPath} is locked: by a server of an earlier version, or because it has several names (hard links, a mount of the file alone). Stop the server first.`,
  ],
  ['SQLITE_NOTADB', (dataPath) => `${dataPath} is not an SQLite file; DATA_PATH must be the path of the data file.`],
  ['SQLITE_CORRUPT', (dataPath) => `${dataPath} is damaged; nothing was backed up.`],
  ['SQLITE_FULL', (_, target) => `The disk of ${target} is full; nothing was backed up.`],
  ['ENOSPC', (_, target) => `The disk of ${target} is full; nothing was backed up.`],
  ['EEXIST', (_, target) => `${target} exists already. Backups overwrite nothing; choose another path.`],
];

const backupErrorOf = (error: unknown, dataPath: string, target: string): BackupError => {
  if (error instanceof BackupError) return error;
  const code = errorCodeOf(error) ?? '';
  const known = messages.find(([name]) => code === name || code.startsWith(`${name}_`));
  return new BackupError(
    known?.[1](dataPath, target) ?? `${dataPath} cannot be backed up to ${target}: ${messageOf(error)}`,
    { cause: error },
  );
};

/**
 * Writes a copy of a data file to `target`, which must not exist, while a server may be writing to the data file, and the contents of
 * its files to the folder `<target>.files`, which must not exist either. The copy is checked
 * (`pragma integrity_check`) and on the disk before it gets its name: a backup that is interrupted leaves no `target`, but may leave a
 * file `.<name>.<random>.partial` next to it. Blocks the event loop; reads every page of the data file once. Returns the copy's bytes.
 * @throws {BackupError}
 */
export const backUpDataFile = (dataPath: string, target: string): number => {
  checkPaths(dataPath, target);
  const contents = contentsBackup(dataPath, target);
  if (contents.exists()) {
    throw new BackupError(`${contents.folder} exists already. Backups overwrite nothing; choose another path.`);
  }
  const directory = dirname(target);
  const copy = join(directory, `.${basename(target)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    // Not readable for others until it is complete, and then for those that can read the data file.
    closeSync(openSync(copy, 'wx', 0o600));
    contents.add();
    copyData(dataPath, copy);
    contents.add();
    checkCopy(copy);
    chmodSync(copy, statSync(dataPath).mode & 0o777);
    syncNow(copy);
    // Unlike a rename, this fails if the target has been created in the meantime.
    linkSync(copy, target);
    rmSync(copy);
    syncNow(directory);
    return statSync(target).size;
  } catch (error) {
    contents.remove();
    for (const partial of [copy, `${copy}-journal`]) rmSync(partial, { force: true });
    throw backupErrorOf(error, dataPath, target);
  }
};
