import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { NotSupportedError } from '../rest/errors/notSupportedError.ts';
import type { RoundTrips } from '../rest/roundTrips.ts';
import type { CallerPrefetchHistory } from './prefetchHistory.ts';

/** What the loaders of one request need in order to batch, and what batching has saved. */
export interface Batching {
  roundTrips: RoundTrips;
  prefetchHistory: CallerPrefetchHistory;
  savings: BatchSavings;
  observeBatch?: BatchObserver | undefined;
}

/** Makes the reads of one batch under observation, and returns their results. */
export type BatchObserver = <Results extends readonly unknown[]>(
  type: string,
  size: number,
  read: () => Promise<Results>,
) => Promise<Results>;

/** REST calls that one request did not have to make. */
export interface BatchSavings {
  /** Objects, or filtered pages, that came with a page of their list instead of by a call of their own. */
  coalesced: number;
  /** Results that the request already had, or had requested. */
  deduplicated: number;
}

/**
 * The number of keys in one list from which a batch prefetches a page of it. A page of a hundred short messages costs the
 * CPU of two to three single reads, measured with cross-fetch.
 */
export const MIN_PREFETCH_KEYS = 4;

/** A prefetched page saved calls if it held at least this many of the keys. */
export const MIN_PREFETCH_HITS = 2;

/**
 * Whether only reading the list was rejected, so that its objects are read one by one. If the upstream is down, busy or
 * rejects the caller, more calls would make things worse: the objects then fail with the error of their list.
 */
export const isListRejected = (error: unknown, owned: boolean): boolean =>
  error instanceof InvalidResponseError ||
  error instanceof NotSupportedError ||
  (error instanceof ApiError && (listStatuses.has(error.status) || (error.status === 404 && !owned)));

const listStatuses: ReadonlySet<number> = new Set([400, 403, 405, 410, 413, 422, 501]);
