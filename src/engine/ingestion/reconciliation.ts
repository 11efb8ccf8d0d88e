import { ENTRY_PAGE, type IndexedFile, type SearchIndex } from '../search/searchIndex.ts';
import type { Store } from '../store/store.ts';
import type { EntryStatus } from '../store/vectorStoreAccess.ts';

async function* paged<Row extends { entry: number }>(read: (after: number) => Promise<Row[]>): AsyncGenerator<Row> {
  let after = 0;
  for (;;) {
    const rows = await read(after);
    yield* rows;
    after = rows.at(-1)?.entry ?? after;
    if (rows.length < ENTRY_PAGE) return;
  }
}

const isSame = (row: EntryStatus, indexed: IndexedFile) =>
  row.vectorStoreId === indexed.vectorStoreId && row.fileId === indexed.fileId;

/** What the index lacks, and what it should not have. */
interface Differences {
  missing: number[];
  superfluous: number[];
}

/** Both lists are read in the order of the entries, a page at a time. */
async function* differences(store: Store, index: SearchIndex): AsyncGenerator<Differences> {
  const rows = paged((after) => store.ingestion.entriesAfter(after, ENTRY_PAGE));
  const indexed = paged((after) => index.entriesAfter(after));
  let found: Differences = { missing: [], superfluous: [] };
  let [row, file] = [await rows.next(), await indexed.next()];
  while (row.done !== true || file.done !== true) {
    const [rowEntry, fileEntry] = [row.value?.entry ?? Infinity, file.value?.entry ?? Infinity];
    if (rowEntry < fileEntry || (row.value !== undefined && file.value !== undefined && rowEntry === fileEntry)) {
      const isIndexed =
        rowEntry === fileEntry && file.value !== undefined && row.value !== undefined && isSame(row.value, file.value);
      const { status } = row.value ?? { status: 'cancelled' };
      if (status === 'completed' && !(isIndexed && file.value?.isCurrent === true)) found.missing.push(rowEntry);
      if (rowEntry === fileEntry && (status === 'failed' || status === 'cancelled')) found.superfluous.push(fileEntry);
    } else found.superfluous.push(fileEntry);
    if (rowEntry <= fileEntry) row = await rows.next();
    if (fileEntry <= rowEntry) file = await indexed.next();
    if (found.missing.length + found.superfluous.length >= ENTRY_PAGE) {
      yield found;
      found = { missing: [], superfluous: [] };
    }
  }
  yield found;
}

/**
 * Makes the index what the data file says. They differ after the index was deleted, after a backup of either was restored, after a power
 * failure, and after the settings of embeddings were changed.
 */
export const reconcile = async (
  store: Store,
  index: SearchIndex,
): Promise<{ missing: number; superfluous: number }> => {
  const total = { missing: 0, superfluous: 0 };
  for await (const { missing, superfluous } of differences(store, index)) {
    await index.remove(superfluous);
    if (missing.length > 0) {
      await store.write(async ({ ingestion }) => {
        for (const entry of missing) await ingestion.requeue(entry, Date.now());
      });
    }
    total.missing += missing.length;
    total.superfluous += superfluous.length;
  }
  return total;
};
