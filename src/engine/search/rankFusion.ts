/** A chunk by its key, with a score of 0 to 1. */
export interface Ranked {
  key: number;
  score: number;
}

/** Dampens how much more the first ranks count. Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009. */
const K = 60;

/**
 * Merges lists that are each sorted best first, by the ranks of a chunk in them, since scores of different origins cannot be
 * compared. The score is 1 for a chunk that is the first of every list.
 */
export const fused = (lists: readonly (readonly Ranked[])[]): Ranked[] => {
  const sums = new Map<number, number>();
  for (const list of lists) {
    for (const [rank, { key }] of list.entries()) sums.set(key, (sums.get(key) ?? 0) + 1 / (K + 1 + rank));
  }
  const best = lists.length / (K + 1);
  return [...sums].map(([key, sum]) => ({ key, score: sum / best })).toSorted((one, other) => other.score - one.score);
};

/** The best score of each chunk, for lists of the same kind. */
export const united = (lists: readonly (readonly Ranked[])[]): Ranked[] => {
  const scores = new Map<number, number>();
  for (const { key, score } of lists.flat()) scores.set(key, Math.max(scores.get(key) ?? 0, score));
  return [...scores].map(([key, score]) => ({ key, score })).toSorted((one, other) => other.score - one.score);
};
