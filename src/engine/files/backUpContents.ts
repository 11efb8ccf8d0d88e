import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { contentsFolderOf } from './contentsFolder.ts';

/** A copy of the contents of files that is being made. */
export interface ContentsBackup {
  readonly folder: string;
  exists(): boolean;
  /** Adds the contents that are not in it yet, and puts it on the disk. */
  add(): void;
  /** Deletes it. */
  remove(): void;
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);

const sync = (path: string) => {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** A content never changes, so that a second name of its file is a copy. Another disk needs a real one. */
const linkOrCopy = (source: string, target: string) => {
  try {
    linkSync(source, target);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return; // Its last file was deleted meanwhile.
    copyFileSync(source, target);
    sync(target);
  }
};

/**
 * A copy of the contents of the files of a data file, for a backup at `target`. `add` is to be called before and after the data file is
 * read: the first call copies most of it, and the second what has been added meanwhile.
 */
export const contentsBackup = (dataPath: string, target: string): ContentsBackup => {
  const source = contentsFolderOf(dataPath);
  const copy = `${target}.files`;
  return {
    folder: copy,
    exists: () => existsSync(copy),
    add: () => {
      const folders = existsSync(source) ? readdirSync(source).filter((name) => /^[0-9a-f]{2}$/u.test(name)) : [];
      for (const folder of folders) {
        mkdirSync(join(copy, folder), { recursive: true });
        for (const name of readdirSync(join(source, folder))) {
          const path = join(copy, folder, name);
          if (!existsSync(path)) linkOrCopy(join(source, folder, name), path);
        }
        sync(join(copy, folder));
      }
      if (folders.length > 0) sync(copy);
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
};
