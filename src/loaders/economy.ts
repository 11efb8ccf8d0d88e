import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import type { Waves } from '../rest/waves.ts';
import type { ListMemory } from './pagesPaid.ts';

/** What the loaders of one request need to know to save calls, and what they have saved. */
export interface Economy {
  waves: Waves;
  pagesPaid: ListMemory;
  saved: Saved;
}

export interface Saved {
  /** Members, or filtered pages, that came with a page of their list instead of by a call of their own. */
  coalesced: number;
  /** Answers that the request already had, or had asked for. */
  deduplicated: number;
}

/**
 * From here on several things that one list may hold are worth a page of it. A page of a hundred short messages costs the CPU of
 * two to three single reads, measured over cross-fetch.
 */
export const WORTH_A_PAGE = 4;

/** A page that was read for the sake of others made fewer calls of it where it spared this many. */
export const PAID = 2;

/**
 * Whether only a list that was read for its members was refused, so that they are read one by one. Where the upstream is
 * down, busy or knows no such caller, asking more of it would make things worse: its members then fail as their list did.
 */
export const isRefusedList = (error: unknown, owned: boolean): boolean =>
  error instanceof InvalidResponseError ||
  (error instanceof ApiError && (refusals.has(error.status) || (error.status === 404 && !owned)));

const refusals: ReadonlySet<number> = new Set([400, 403, 405, 410, 413, 422, 501]);
