import type { BlobStore } from './blobStore.ts';
import type { FileDependencies, FileLimits } from './fileDependencies.ts';
import { type SweptStore, sweepFiles } from './sweepFiles.ts';

/** `file` and `upload` are those of the API reference of files and uploads. */
export const defaultFileLimits: FileLimits = {
  file: 512 * 1024 ** 2,
  upload: 8 * 1024 ** 3,
  tenant: 100 * 1024 ** 3,
  total: 1024 ** 4,
};

/** Milliseconds between searches for contents that other processes have left. */
const orphanIntervalMs = 10 * 60_000;

export interface FilesOptions {
  store: SweptStore;
  /** Closed with the files. */
  blobs: BlobStore;
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

/** Opens the files of a store, whose contents are in `blobs`. */
export const openFiles = ({ store, blobs, limits, sweepIntervalMs, log }: FilesOptions): OpenFiles => {
  const stopping = new AbortController();
  let latestFailure: string | undefined;
  /** Logs an error that lasts once. */
  const logFailure = (error: unknown) => {
    const line = `the sweep for expired files failed: ${String(error)}`;
    if (line !== latestFailure && !stopping.signal.aborted) log(line);
    latestFailure = line;
  };
  let orphansRemovedAt = -Infinity;
  const sweep = async () => {
    try {
      if (performance.now() - orphansRemovedAt >= orphanIntervalMs) {
        orphansRemovedAt = performance.now();
        await blobs.removeOrphans(stopping.signal);
      }
      await sweepFiles(blobs, store);
      latestFailure = undefined;
    } catch (error) {
      logFailure(error);
    }
  };

  let sweeping: Promise<void> | undefined;
  const startSweep = () => {
    sweeping ??= sweep().finally(() => {
      sweeping = undefined;
    });
  };
  startSweep();
  const timer = setInterval(startSweep, sweepIntervalMs).unref();

  return {
    blobs,
    limits,
    staging: { bytes: 0 },
    close: async () => {
      clearInterval(timer);
      stopping.abort();
      await sweeping;
      await blobs.close();
    },
  };
};
