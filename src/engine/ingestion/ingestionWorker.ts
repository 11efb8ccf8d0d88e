import { type IngestionDependencies, runIngestionJob } from './ingestionJob.ts';
import { reconcile } from './reconciliation.ts';

/** Files of one tenant that are processed before those of others are looked at. */
const PER_TENANT = 4;
/** Entries that are removed at once. */
const REMOVAL_PAGE = 200;

export interface IngestionWorker {
  /** Stops the worker. What it was indexing is indexed again by the next one. */
  close(): Promise<void>;
}

/** Indexes the waiting files of a store one after the other, and removes from the index what was deleted or has expired. */
export const startIngestion = (dependencies: IngestionDependencies, sweepIntervalMs: number): IngestionWorker => {
  const { store, index, log } = dependencies;
  const closing = new AbortController();
  let current: { entry: number; stop: AbortController } | undefined;

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

  const indexWaiting = async () => {
    for (;;) {
      const jobs = await store.ingestion.waiting(Date.now(), PER_TENANT);
      if (jobs.length === 0) return;
      for (const job of jobs) {
        if (closing.signal.aborted) return;
        if (!(await store.ingestion.isWaiting(job.entry))) continue;
        const stop = new AbortController();
        current = { entry: job.entry, stop };
        await runIngestionJob(dependencies, job, AbortSignal.any([stop.signal, closing.signal]));
        current = undefined;
      }
      await removeDeleted();
    }
  };

  let isReconciled = false;
  /** False if nothing was ever indexed: then no threads are started. */
  const prepare = async (): Promise<boolean> => {
    if (isReconciled) return true;
    const { ingestion } = store;
    const isUsed = (await ingestion.entriesAfter(0, 1)).length > 0 || (await ingestion.removed(1)).length > 0;
    if (!isUsed) return false;
    const missing = await reconcile(store, index);
    if (missing > 0) log(`${missing} files of vector stores are indexed again`);
    isReconciled = true;
    return true;
  };

  const work = async () => {
    if (!(await prepare())) return;
    await clearExpired();
    await removeDeleted();
    await indexWaiting();
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
