import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../store/store.ts';
import { contentLocks } from './contentLocks.ts';
import type { FileDependencies, FileLimits } from './fileDependencies.ts';
import { folderBlobStore } from './folderBlobStore.ts';

/** Those of the API reference of files. */
export const defaultFileLimits: FileLimits = { file: 512 * 1024 ** 2, tenant: 2.5 * 1024 ** 4, total: 2.5 * 1024 ** 4 };

export interface OpenFiles extends FileDependencies {
  /** Waits for content that is being written. */
  close(): Promise<void>;
}

/**
 * The contents of the files in `store`: in a folder next to its data file, with `.files` after its name. Those of a store in memory are
 * in a temporary folder, which is deleted on closing.
 */
export const openFiles = ({
  store,
  dataPath,
  limits,
}: {
  store: Pick<Store, 'files'>;
  dataPath: string;
  limits: FileLimits;
}): OpenFiles => {
  const temporary = dataPath === ':memory:' ? join(tmpdir(), `assistants-files-${process.pid}`) : undefined;
  const folder = temporary === undefined ? `${dataPath}.files` : mkdtempSync(`${temporary}-`);
  const blobs = folderBlobStore(folder);
  return {
    blobs,
    withContent: contentLocks(),
    isReferenced: (sha256) => store.files.isReferenced(sha256),
    limits,
    close: async () => {
      await blobs.close();
      if (temporary !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
};
