import { type BatchJob, startBatchJob } from './batchJob.ts';
import type { Store } from './store/store.ts';

/** Maximum number of rows that one transaction removes: a few milliseconds of writing. */
const rowsPerStep = 500;

const removeSome = async (store: Store): Promise<boolean> =>
  (await store.threads.hasDeleted()) && store.write((writes) => writes.threads.removeDeleted(rowsPerStep));

/** Removes all rows of deleted threads at once. */
export const removeDeletedThreads = async (store: Store): Promise<void> => {
  while (await removeSome(store));
};

/** Removes the rows of deleted threads in the background, also of those that were deleted before a restart. */
export const startThreadRemoval = (
  store: Store,
  { intervalMs, log }: { intervalMs: number; log: (line: string) => void },
): BatchJob => {
  const job = startBatchJob({
    name: 'the removal of deleted threads',
    step: () => removeSome(store),
    intervalMs,
    pauseMs: 5,
    log,
  });
  const unsubscribe = store.onThreadDeleted(() => job.wake());
  return {
    wake: () => job.wake(),
    close: () => {
      unsubscribe();
      return job.close();
    },
  };
};
