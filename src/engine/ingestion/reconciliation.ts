import { ENTRY_PAGE, type IndexedFile, type SearchIndex } from '../search/searchIndex.ts';
import type { Store } from '../store/store.ts';
import type { EntryStatus } from '../store/access/ingestion.ts';

async function* paged<Row extends { entry: number }>(read: (after: number) => Promise<Row[]>): AsyncGenerator<Row> {
  let after = 0;
  for (;;) {
    const rows = await read(after);
    yield* rows;
    after = rows.at(-1)?.entry ?? after;
    if (rows.length < ENTRY_PAGE) return;
  }
}

type Indexed = IndexedFile & { isCurrent: boolean };

/** An entry in the data file, in the index, or in both. */
interface Pair {
  entry: number;
  row: EntryStatus | undefined;
  indexed: Indexed | undefined;
}

const next = async <Item>(items: AsyncGenerator<Item>): Promise<Item | undefined> => {
  const { done, value } = await items.next();
  return done === true ? undefined : value;
};

/** Joins two lists that are both in the order of their entries. */
async function* paired(rows: AsyncGenerator<EntryStatus>, files: AsyncGenerator<Indexed>): AsyncGenerator<Pair> {
  let [row, file] = [await next(rows), await next(files)];
  while (row !== undefined || file !== undefined) {
    const entry = Math.min(row?.entry ?? Infinity, file?.entry ?? Infinity);
    const pair = {
      entry,
      row: row?.entry === entry ? row : undefined,
      indexed: file?.entry === entry ? file : undefined,
    };
    yield pair;
    if (pair.row !== undefined) row = await next(rows);
    if (pair.indexed !== undefined) file = await next(files);
  }
}

/** Whether the entry has to be indexed. What is in progress will be, in any case. */
const isMissing = ({ row, indexed }: Pair): boolean => {
  if (row?.status !== 'completed') return false;
  const isSame = row.vectorStoreId === indexed?.vectorStoreId && row.fileId === indexed.fileId;
  return !(isSame && indexed.isCurrent);
};

/** Whether the entry has no place in the index. */
const isUnwanted = (row: EntryStatus | undefined): boolean =>
  row === undefined || row.status === 'failed' || row.status === 'cancelled';

/** Whether the entry has to leave the index. */
const isSuperfluous = ({ row, indexed }: Pair): boolean => indexed !== undefined && isUnwanted(row);

/** Rows are read before entries of the index, and another replica may have added a file and indexed it in the meantime. */
const stillUnwanted = async ({ ingestion }: Store, entries: readonly number[]): Promise<number[]> => {
  const unwanted: number[] = [];
  for (const entry of entries) {
    const [row] = await ingestion.entriesAfter(entry - 1, 1);
    if (isUnwanted(row?.entry === entry ? row : undefined)) unwanted.push(entry);
  }
  return unwanted;
};

/**
 * Makes the index what the data file says. They differ after the index was deleted, after a backup of the data file was restored, after a
 * power failure, and after the settings of embeddings were changed. Returns how many files have to be indexed again.
 */
export const reconcile = async (store: Store, index: SearchIndex): Promise<number> => {
  let count = 0;
  let missing: number[] = [];
  let superfluous: number[] = [];
  const apply = async () => {
    const [requeued, removed] = [missing, superfluous];
    [missing, superfluous] = [[], []];
    count += requeued.length;
    await index.remove(await stillUnwanted(store, removed));
    if (requeued.length === 0) return;
    await store.write(async ({ ingestion }) => {
      for (const entry of requeued) await ingestion.requeue(entry, Date.now());
    });
  };
  const rows = paged((after) => store.ingestion.entriesAfter(after, ENTRY_PAGE));
  const files = paged((after) => index.entriesAfter(after));
  for await (const pair of paired(rows, files)) {
    if (isMissing(pair)) missing.push(pair.entry);
    if (isSuperfluous(pair)) superfluous.push(pair.entry);
    if (missing.length + superfluous.length >= ENTRY_PAGE) await apply();
  }
  await apply();
  return count;
};
