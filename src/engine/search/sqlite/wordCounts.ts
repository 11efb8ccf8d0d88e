import { type IndexDatabase, wordsTable } from './indexFile.ts';

/** How many chunks of a tenant have each of some words. */
export interface WordCounts {
  /** Chunks of the tenant. */
  total: number;
  /** By word. */
  matches: ReadonlyMap<string, number>;
}

/** Words of a tenant whose counts are kept. */
const MAX_WORDS = 10_000;
/** Counts are used until the number of chunks has changed by this part. */
const TOLERANCE = 0.02;

/** Counts words. A count of a common word takes some milliseconds, so they are kept while they are about right. */
export const wordCounts = (database: IndexDatabase) => {
  const known = new Map<number, { total: number; matches: Map<string, number> }>();
  return (tenant: number, words: readonly string[]): WordCounts => {
    const { total } = database
      .prepare('select coalesce(sum(chunks), 0) as total from entries where tenant = ?')
      .get([tenant]) as { total: number };
    let counts = known.get(tenant);
    if (
      counts === undefined ||
      Math.abs(total - counts.total) > counts.total * TOLERANCE ||
      counts.matches.size > MAX_WORDS
    ) {
      counts = { total, matches: new Map() };
      known.set(tenant, counts);
    }
    const table = wordsTable(tenant);
    const count = database.prepare(`select count(*) as n from ${table} where ${table} match ?`);
    for (const word of words) {
      if (counts.matches.has(word)) continue;
      counts.matches.set(word, (count.get([`{title text} : "${word}"`]) as { n: number }).n);
    }
    return counts;
  };
};
