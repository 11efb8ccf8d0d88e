import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RestVectorStoreFile } from '../../wire/vectorStore.ts';
import type { FoundChunk, SearchIndex } from '../search/searchIndex.ts';
import type { StoreReads } from '../store/store.ts';
import { type AttributeFilter, passes } from './attributeFilter.ts';

export interface StoreSearch {
  /** Stores of one tenant, which have not expired. */
  vectorStoreIds: readonly string[];
  queries: readonly string[];
  filter?: AttributeFilter | null | undefined;
  limit: number;
  /** 0 to 1. Chunks with a lower score are left out. */
  scoreThreshold: number;
}

/** A chunk that was found, with its file. */
export interface StoreSearchResult extends FoundChunk {
  file: RestVectorStoreFile;
  filename: string;
}

/** Files whose attributes are compared at once: a store has up to 10,000, and the event loop has other work. */
const FILTER_PAGE = 500;
/** Chunks that are found in addition to the limit, since some may be of files that were deleted a moment ago. */
const SPARE = 10;

/** The entries of the files that pass. */
const entriesThatPass = async (
  { vectorStoreFiles }: StoreReads,
  vectorStoreIds: readonly string[],
  filter: AttributeFilter,
): Promise<number[]> => {
  const entries: number[] = [];
  for (const id of vectorStoreIds) {
    for (let after = 0; ; ) {
      const page = await vectorStoreFiles.attributesAfter(id, after, FILTER_PAGE);
      entries.push(...page.filter(({ attributes }) => passes(attributes, filter)).map(({ entry }) => entry));
      after = page.at(-1)?.entry ?? after;
      if (page.length < FILTER_PAGE) break;
      await nextTurn();
    }
  }
  return entries;
};

/** Searches stores. Best first. */
export const searchStores = async (
  reads: StoreReads,
  index: SearchIndex,
  { vectorStoreIds, queries, filter, limit, scoreThreshold }: StoreSearch,
): Promise<StoreSearchResult[]> => {
  const entries =
    filter === undefined || filter === null ? undefined : await entriesThatPass(reads, vectorStoreIds, filter);
  if (vectorStoreIds.length === 0 || entries?.length === 0) return [];
  const found = await index.search({ vectorStoreIds, entries, queries, limit: limit + SPARE });
  const known = await reads.vectorStoreFiles.ofEntries([...new Set(found.map(({ entry }) => entry))]);
  const byEntry = new Map(known.map((each) => [each.entry, each]));
  return found
    .flatMap((chunk) => {
      const { file, filename } = byEntry.get(chunk.entry) ?? {};
      // What was deleted from the data file may be in the index for another moment.
      if (file === undefined || filename === undefined || !vectorStoreIds.includes(file.vector_store_id)) return [];
      return chunk.score < scoreThreshold ? [] : [{ ...chunk, file, filename }];
    })
    .slice(0, limit);
};
