import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What one caller's earlier prefetches were worth. */
export interface CallerPrefetchHistory {
  /** Whether to prefetch a page of the list. Call it once for each opportunity. */
  isWorthTrying(list: string): boolean;
  /** Records whether a prefetch saved calls. */
  record(list: string, hasSaved: boolean): void;
}

/** Lists that are remembered, about 200 bytes each. */
const MAX_LISTS = 10_000;

/** A list is tried again after at most this many opportunities. */
const MAX_PAUSE = 1024;

interface Misses {
  /** Consecutive prefetches that saved nothing. */
  count: number;
  /** Opportunities still to be skipped. */
  pause: number;
}

/**
 * Remembers which lists were prefetched in vain: in an account of 5,000 assistants, the ten that are needed are rarely among
 * the newest hundred. Each miss doubles the pause before the next prefetch. So n opportunities at such a list cost at most
 * log2(n) + n / 1024 calls too many, and each of these serves at least four keys: the first one costs a quarter more.
 * Parallel requests benefit from each other only once the page has arrived.
 *
 * Lives as long as the process. Holds two numbers for each list, separately for each credential.
 */
export class PrefetchHistory {
  readonly #misses = new LRUCache<string, Misses>({ max: MAX_LISTS });

  /** The history of callers with these credentials. */
  forCaller(credentials: string): CallerPrefetchHistory {
    let scope: string | undefined;
    const scoped = (list: string) => {
      scope ??= createHash('sha256').update(credentials).digest('base64url');
      return `${scope}/${list}`;
    };
    return {
      isWorthTrying: (list) => this.#misses.size === 0 || this.#isWorthTrying(scoped(list)),
      record: (list, hasSaved) => {
        if (!hasSaved || this.#misses.size > 0) this.#record(scoped(list), hasSaved);
      },
    };
  }

  #isWorthTrying(list: string): boolean {
    const known = this.#misses.get(list);
    if (known === undefined || known.pause === 0) return true;
    known.pause -= 1;
    return false;
  }

  #record(list: string, hasSaved: boolean) {
    const count = (this.#misses.get(list)?.count ?? 0) + 1;
    if (hasSaved) this.#misses.delete(list);
    else this.#misses.set(list, { count, pause: Math.min(2 ** count, MAX_PAUSE) });
  }
}
