/** How many chunks of a tenant have each of some words. */
export interface WordCounts {
  /** Chunks of the tenant. */
  total: number;
  /** By word. */
  matches: ReadonlyMap<string, number>;
}

/** Chunks that are ranked, about. Each takes a microsecond or more for each word. */
const MAX_CANDIDATES = 10_000;

/** The weight of a word in bm25, which is above 0 for words of most chunks too. */
export const rarityOf = (matches: number, total: number): number =>
  Math.log(1 + (total - matches + 0.5) / (matches + 0.5));

/**
 * The rarest words of a query, of which a chunk must have one to be ranked. If the stores have few chunks, any word will do. Without
 * this, a question about a large store ranks most of its chunks, for words that say little about their subject.
 */
export const decisiveWords = (
  { total, matches }: WordCounts,
  words: readonly string[],
  chunks: number,
  maxCandidates = MAX_CANDIDATES,
): readonly string[] => {
  if (chunks <= maxCandidates) return words;
  const countOf = (word: string) => ((matches.get(word) ?? 0) * chunks) / total;
  const rarestFirst = words.filter((word) => countOf(word) > 0).toSorted((one, other) => countOf(one) - countOf(other));
  let candidates = 0;
  return rarestFirst.filter((word, index) => {
    candidates += countOf(word);
    return index === 0 || candidates <= maxCandidates;
  });
};
