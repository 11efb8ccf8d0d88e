import type { RestVectorStore } from '../../wire/vectorStore.ts';
import { unixSeconds } from '../clock.ts';
import type { StoreWrites } from '../store/store.ts';
import { StoreWriteError } from '../store/writeError.ts';
import { activeNow } from './vectorStore.ts';

/** Seconds. Expiry is a matter of days, so not every search has to be written. */
const PRECISION = 60;

/**
 * Notes that stores are in use, which moves their expiry. Does nothing while nothing can be written: a search is a read, and the next
 * one notes it.
 */
export const markActive = async (
  store: { write<Result>(work: (writes: StoreWrites) => Promise<Result>): Promise<Result> },
  vectorStores: readonly RestVectorStore[],
): Promise<void> => {
  const now = unixSeconds();
  const stale = vectorStores.filter(({ last_active_at: last }) => (last ?? 0) + PRECISION <= now);
  if (stale.length === 0) return;
  const written = store.write(async (writes) => {
    for (const id of stale.map((each) => each.id).toSorted()) {
      const latest = await writes.vectorStores.lock(id);
      if (latest !== undefined && latest.status !== 'expired') await writes.vectorStores.update(activeNow(latest));
    }
  });
  await written.catch((error: unknown) => {
    if (!(error instanceof StoreWriteError)) throw error;
  });
};
