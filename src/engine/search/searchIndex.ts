import type { ExtractionLimits } from '../ingestion/limits.ts';
import type { ChunkSizes } from '../ingestion/textChunks.ts';
import type { Tenant } from '../tenant.ts';

/** A file in a vector store, as the index knows it. */
export interface IndexedFile {
  /** Identifies this addition of the file to the store. Never used again. */
  entry: number;
  tenant: Tenant;
  vectorStoreId: string;
  fileId: string;
}

export interface NewIndexedFile extends IndexedFile {
  filename: string;
  sizes: ChunkSizes;
  limits: ExtractionLimits;
}

export interface IndexSearch {
  /** Stores of one tenant. */
  vectorStoreIds: readonly string[];
  /** The entries to search; by default all of the stores. */
  entries?: readonly number[] | undefined;
  /** In the words of users and models: nothing in them is a syntax. */
  queries: readonly string[];
  limit: number;
}

/** A chunk that was found. */
export interface FoundChunk {
  entry: number;
  /** Number of the chunk in its file, from 0. */
  position: number;
  /** 0 to 1. */
  score: number;
  text: string;
}

/**
 * The text of the files in vector stores, made searchable. All of it is derived from the files: an index that is lost is built
 * again. The implementation for SQLite keeps it in a file of its own.
 */
export interface SearchIndex {
  /**
   * Extracts the text of a file and indexes its chunks, all or none. What was indexed for the entry before is replaced.
   * Resolves with the bytes that the entry takes. Rejects with `IngestionError`, or with the reason of an aborted `signal`.
   */
  add(file: NewIndexedFile, source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<{ bytes: number }>;
  remove(entries: readonly number[]): Promise<void>;
  /** Best first. */
  search(search: IndexSearch): Promise<FoundChunk[]>;
  /** The text of an entry in its order, in parts that do not overlap, from part `from`. Empty at the end. */
  textOf(entry: number, from: number): Promise<string[]>;
  /** Entries above `after`, in order; fewer than `ENTRY_PAGE` at the end. One that is not current was indexed with other settings. */
  entriesAfter(after: number): Promise<(IndexedFile & { isCurrent: boolean })[]>;
  close(): Promise<void>;
}

/** How many entries `entriesAfter` returns at most. */
export const ENTRY_PAGE = 1000;
