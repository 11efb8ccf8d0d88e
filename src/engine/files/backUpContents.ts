import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncNow } from '../diskSync.ts';
import { errorCodeOf } from '../errorCode.ts';
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

/** A content never changes, so that a second name of its file is a copy. Another disk needs a real one. */
const linkOrCopy = (source: string, target: string) => {
  try {
    linkSync(source, target);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return; // Its last file was deleted meanwhile.
    copyFileSync(source, target);
    syncNow(target);
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
        syncNow(join(copy, folder));
      }
      if (folders.length > 0) syncNow(copy);
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
};
