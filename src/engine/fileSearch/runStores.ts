import { setTimeout as sleep } from 'node:timers/promises';
import type { RestRun } from '../../wire/run.ts';
import type { RestVectorStore } from '../../wire/vectorStore.ts';
import type { StoreReads } from '../store/store.ts';
import { resourcesOf } from '../tools/runResources.ts';

/** The vector stores of the run's thread and assistant that its tenant has. */
export const storesOf = async (reads: StoreReads, run: RestRun): Promise<RestVectorStore[]> => {
  const { vectorStoreIds } = await resourcesOf(reads, run);
  const stores = await Promise.all(vectorStoreIds.map((id) => reads.vectorStores.get(id)));
  return stores.filter((each) => each !== undefined);
};

/** How long a search waits for files that are being indexed, as the hosted API does. */
const MAX_WAIT_MS = 60_000;
const POLL_MS = 100;

/** Resolves once no file of the stores is being indexed, or after a minute. Rejects with the reason of an aborted `signal`. */
export const indexed = async (
  { vectorStoreFiles }: StoreReads,
  stores: readonly RestVectorStore[],
  signal: AbortSignal,
): Promise<void> => {
  const deadline = Date.now() + MAX_WAIT_MS;
  const isOpen = async () => {
    for (const { id } of stores) if (await vectorStoreFiles.isInProgress(id)) return true;
    return false;
  };
  while (Date.now() < deadline && (await isOpen())) {
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
};
