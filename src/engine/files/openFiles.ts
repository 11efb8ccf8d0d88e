import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentLocks } from './contentLocks.ts';
import type { FileDependencies, FileLimits } from './fileDependencies.ts';
import { openFolderBlobStore } from './folderBlobStore.ts';
import { contentsFolderOf } from './contentsFolder.ts';
import { removeOrphans, type SweptStore, sweepFiles } from './sweepFiles.ts';

/** `file` and `upload` are those of the API reference of files and uploads. */
export const defaultFileLimits: FileLimits = {
  file: 512 * 1024 ** 2,
  upload: 8 * 1024 ** 3,
  tenant: 100 * 1024 ** 3,
  total: 1024 ** 4,
};

export interface FilesOptions {
  store: SweptStore;
  /** Of the data file, or `:memory:`. */
  dataPath: string;
  limits: FileLimits;
  sweepIntervalMs: number;
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
}

/** The files of an engine, which are swept until they are closed. */
export interface OpenFiles extends FileDependencies {
  /** Waits for content that is being written. */
  close(): Promise<void>;
}

/**
 * Opens the contents of the files in `store`: in a folder next to its data file, with `.files` after its name. Those of a store in
 * memory are in a temporary folder, which is deleted on closing.
 */
export const openFiles = async ({
  store,
  dataPath,
  limits,
  sweepIntervalMs,
  log,
}: FilesOptions): Promise<OpenFiles> => {
  const isTemporary = dataPath === ':memory:';
  const folder = isTemporary ? await mkdtemp(join(tmpdir(), 'assistants-files-')) : contentsFolderOf(dataPath);
  const blobs = await openFolderBlobStore(folder);
  const files: FileDependencies = {
    blobs,
    withContent: contentLocks(),
    isReferenced: (sha256) => store.files.isReferenced(sha256),
    limits,
    staging: { bytes: 0 },
  };

  const stopping = new AbortController();
  let latestFailure: string | undefined;
  /** Logs an error that lasts once. */
  const logFailure = (error: unknown) => {
    const line = `the sweep for expired files failed: ${String(error)}`;
    if (line !== latestFailure && !stopping.signal.aborted) log(line);
    latestFailure = line;
  };
  const sweep = async () => {
    try {
      await sweepFiles(files, store);
      latestFailure = undefined;
    } catch (error) {
      logFailure(error);
    }
  };

  let sweeping: Promise<void> | undefined = removeOrphans(files, stopping.signal)
    .catch(logFailure)
    .then(sweep)
    .finally(() => {
      sweeping = undefined;
    });
  const timer = setInterval(() => {
    sweeping ??= sweep().finally(() => {
      sweeping = undefined;
    });
  }, sweepIntervalMs).unref();

  return {
    ...files,
    close: async () => {
      clearInterval(timer);
      stopping.abort();
      await sweeping;
      await blobs.close();
      if (isTemporary) await rm(folder, { recursive: true, force: true });
    },
  };
};
