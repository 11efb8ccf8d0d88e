import type { PositionRange } from './paging.ts';
import type { StoredThreadFilter } from '../access/threads.ts';

/** Where a thread is in the list: by its time of creation, and within a second by insertion. */
export interface ThreadPosition {
  created_at: number;
  seq: number;
}

/** Positions strictly between two others. */
export interface ThreadRange {
  start: ThreadPosition;
  end: ThreadPosition;
}

/** Threads of one second, or of all seconds between two; bounds are exclusive. */
export type ThreadSegment =
  | { createdAt: number; above: number; below: number }
  | { createdAfter: number; createdBefore: number };

const LAST = Number.MAX_SAFE_INTEGER;

const isEarlier = (one: ThreadPosition, other: ThreadPosition) =>
  one.created_at < other.created_at || (one.created_at === other.created_at && one.seq < other.seq);

/** One range for the cursors and the filter together. Undefined if nothing is in it. */
export const threadRangeOf = (
  { above, below }: PositionRange<ThreadPosition>,
  { createdFrom, createdBefore }: StoredThreadFilter,
): ThreadRange | undefined => {
  const from = { created_at: (createdFrom ?? 0) - 1, seq: LAST };
  const before = { created_at: createdBefore ?? LAST, seq: 0 };
  const start = above !== undefined && isEarlier(from, above) ? above : from;
  const end = below !== undefined && isEarlier(below, before) ? below : before;
  return isEarlier(start, end) ? { start, end } : undefined;
};

/**
 * The parts of a range that an index on the time and the row number can be searched for. SQLite searches an index by a pair of
 * both only as far as the time, and would read all threads of the second: an import can have created any number of them.
 */
export const threadSegmentsOf = ({ start, end }: ThreadRange, direction: 'asc' | 'desc'): ThreadSegment[] => {
  if (start.created_at === end.created_at) {
    return [{ createdAt: start.created_at, above: start.seq, below: end.seq }];
  }
  const segments: ThreadSegment[] = [{ createdAfter: start.created_at, createdBefore: end.created_at }];
  if (start.seq < LAST) segments.unshift({ createdAt: start.created_at, above: start.seq, below: LAST });
  if (end.seq > 0) segments.push({ createdAt: end.created_at, above: 0, below: end.seq });
  return direction === 'asc' ? segments : segments.toReversed();
};
