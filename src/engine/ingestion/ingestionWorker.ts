import type { BlobStore } from '../files/blobStore.ts';
import type { SearchIndex } from '../search/searchIndex.ts';
import type { Store } from '../store/store.ts';
import type { IngestionJob, IngestionOutcome } from '../store/vectorStoreAccess.ts';
import { chunkSizesOf } from '../vectorStores/chunkingStrategy.ts';
import { IngestionError } from './ingestionError.ts';
import { reconcile } from './reconciliation.ts';

/** How often a file is tried that ends the process, or that fails for a reason of the server. */
const MAX_ATTEMPTS = 4;
/** Milliseconds until a file is tried again. */
const RETRY_MS = 2000;
/** Files of one tenant that are processed before those of others are looked at. */
const PER_TENANT = 4;
/** Entries that are removed at once. */
const REMOVAL_PAGE = 200;

export interface IngestionDependencies {
  store: Store;
  index: SearchIndex;
  blobs: Pick<BlobStore, 'read'>;
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
}

export interface Ingestion {
  /** Stops the worker. What it was indexing is indexed again by the next one. */
  close(): Promise<void>;
}

/** Indexes the waiting files of a store one after the other, and removes from the index what was deleted or has expired. */
export const startIngestion = (
  { store, index, blobs, log }: IngestionDependencies,
  sweepIntervalMs: number,
): Ingestion => {
  const closing = new AbortController();
  let current: { entry: number; stop: AbortController } | undefined;

  const outcomeOf = async (job: IngestionJob, signal: AbortSignal): Promise<IngestionOutcome | undefined> => {
    const { entry, tenant, file, filename, sha256 } = job;
    if (job.attempts >= MAX_ATTEMPTS) {
      return failed(new IngestionError('server_error', `The file could not be indexed in ${MAX_ATTEMPTS} attempts.`));
    }
    await store.write(({ ingestion }) => ingestion.start(entry));
    const indexed = { entry, tenant, vectorStoreId: file.vector_store_id, fileId: file.id, filename };
    try {
      const { bytes } = await index.add(
        { ...indexed, sizes: chunkSizesOf(file.chunking_strategy) },
        blobs.read(sha256),
        signal,
      );
      return { status: 'completed', usage_bytes: bytes, last_error: null };
    } catch (error) {
      if (closing.signal.aborted) await store.write(({ ingestion }) => ingestion.release(entry));
      if (signal.aborted) return undefined;
      if (error instanceof IngestionError) return failed(error);
      log(`file ${file.id} was not indexed: ${String(error)}`);
      await store.write(({ ingestion }) => ingestion.requeue(entry, Date.now() + RETRY_MS * (job.attempts + 1)));
      return undefined;
    }
  };

  const process = async (job: IngestionJob) => {
    const stop = new AbortController();
    current = { entry: job.entry, stop };
    try {
      const outcome = await outcomeOf(job, AbortSignal.any([stop.signal, closing.signal]));
      if (outcome === undefined) return;
      const isWanted = await store.write(({ ingestion }) => ingestion.finish(job.entry, outcome));
      if (!isWanted) await index.remove([job.entry]);
    } finally {
      current = undefined;
    }
  };

  const removeDeleted = async () => {
    for (;;) {
      const entries = await store.ingestion.removed(REMOVAL_PAGE);
      if (entries.length === 0) return;
      await index.remove(entries);
      await store.write(({ ingestion }) => ingestion.forgetRemoved(entries));
    }
  };

  const clearExpired = async () => {
    const ids = await store.ingestion.expired(Date.now(), PER_TENANT);
    if (ids.length === 0) return;
    await store.write(async ({ ingestion }) => {
      for (const id of ids) await ingestion.clear(id);
    });
  };

  let isReconciled = false;
  const work = async () => {
    if (!isReconciled) {
      // An engine that has never had a vector store starts no threads.
      const isUsed =
        (await store.ingestion.entriesAfter(0, 1)).length > 0 || (await store.ingestion.removed(1)).length > 0;
      if (!isUsed) return;
      const { missing } = await reconcile(store, index);
      if (missing > 0) log(`${missing} files of vector stores are indexed again`);
      isReconciled = true;
    }
    await clearExpired();
    await removeDeleted();
    for (;;) {
      const jobs = await store.ingestion.waiting(Date.now(), PER_TENANT);
      if (jobs.length === 0) return;
      for (const job of jobs) {
        if (closing.signal.aborted) return;
        if (await store.ingestion.isWaiting(job.entry)) await process(job);
      }
      await removeDeleted();
    }
  };

  /** An error that lasts is logged once. */
  let latestFailure: string | undefined;
  let working: Promise<void> | undefined;
  let isAgain = false;
  const workAll = async () => {
    try {
      do {
        isAgain = false;
        await work();
      } while (isAgain && !closing.signal.aborted);
      latestFailure = undefined;
    } catch (error) {
      const line = `files could not be indexed: ${String(error)}`;
      if (line !== latestFailure && !closing.signal.aborted) log(line);
      latestFailure = line;
    } finally {
      working = undefined;
    }
  };
  const wake = () => {
    isAgain = true;
    if (!closing.signal.aborted) working ??= workAll();
  };

  const stopUnwanted = async () => {
    const { entry, stop } = current ?? {};
    if (entry !== undefined && !(await store.ingestion.isWaiting(entry))) stop?.abort();
  };
  const unsubscribe = store.onFileWaiting(() => {
    stopUnwanted().catch(() => undefined); // It is asked again when the file has been processed.
    wake();
  });
  const timer = setInterval(wake, sweepIntervalMs);
  timer.unref();
  wake();

  return {
    close: async () => {
      clearInterval(timer);
      unsubscribe();
      closing.abort();
      await working;
    },
  };
};

const failed = ({ code, message }: IngestionError): IngestionOutcome => ({
  status: 'failed',
  usage_bytes: 0,
  last_error: { code, message },
});
