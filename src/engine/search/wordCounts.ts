import type { WordCounts } from './wordWeights.ts';

/** Words of a tenant whose counts are kept. */
const MAX_WORDS = 10_000;
/** Tenants whose counts are kept. */
const MAX_TENANTS = 1000;
/** Counts are used until the number of chunks has changed by this part. */
const TOLERANCE = 0.02;

/**
 * Counts words. A count of a common word takes some milliseconds, so they are kept while they are about right. `countOf` counts the
 * chunks of a tenant that have a word; the tenant may be any key of it.
 */
export const wordCounts = <TenantKey>(countOf: (tenant: TenantKey, word: string) => Promise<number> | number) => {
  const known = new Map<TenantKey, { total: number; matches: Map<string, number> }>();
  /** `total` is the number of all chunks of the tenant. */
  return async (tenant: TenantKey, total: number, words: readonly string[]): Promise<WordCounts> => {
    let counts = known.get(tenant);
    if (
      counts === undefined ||
      Math.abs(total - counts.total) > counts.total * TOLERANCE ||
      counts.matches.size > MAX_WORDS
    ) {
      if (known.size >= MAX_TENANTS) known.clear();
      counts = { total, matches: new Map() };
      known.set(tenant, counts);
    }
    for (const word of words) {
      if (!counts.matches.has(word)) counts.matches.set(word, await countOf(tenant, word));
    }
    return counts;
  };
};
