import { createHash } from 'node:crypto';
import { Recent } from '../pipeline/recent.ts';

/** Tells whether a page of a list is worth reading for the sake of several things that it may hold. */
export interface ListMemory {
  /** Whether to try; asked once for each chance there is. */
  isHopeful(list: string): boolean;
  /** Whether the try made fewer calls of it. */
  learn(list: string, paid: boolean): void;
}

/** Lists that are remembered at a time, about 200 bytes each; of more, those that were not asked of longest are forgotten. */
const MAX_LISTS = 10_000;

/** A list is tried again after this many chances at the latest. */
const MAX_PAUSE = 1024;

interface Disappointment {
  /** Tries in a row that were in vain. */
  tries: number;
  /** Chances still to be let pass. */
  pause: number;
}

/**
 * Remembers which lists were read in vain: in an account of 5,000 assistants the ten that are wanted are seldom on the
 * page of the newest hundred. Each try in vain doubles the pause until the next one, so that of n chances at such a list
 * no more than log2(n) + n / 1024 cost a call too many; and that call brings at least four look-ups with it, so that the
 * first time costs a quarter more at most. Requests that run side by side learn from each other only once the page is there.
 *
 * It lives as long as the process and holds nothing but these two numbers for each list, apart for each credential.
 */
export class PagesPaid {
  readonly #lists = new Recent<string, Disappointment>(MAX_LISTS);

  /** The memory of those who call the upstream with the same credentials. */
  of(credentials: string): ListMemory {
    let scope: string | undefined;
    const named = (list: string) => {
      scope ??= createHash('sha256').update(credentials).digest('base64url');
      return `${scope}/${list}`;
    };
    return {
      isHopeful: (list) => this.#lists.size === 0 || this.#isHopeful(named(list)),
      learn: (list, paid) => {
        if (!paid || this.#lists.size > 0) this.#learn(named(list), paid);
      },
    };
  }

  #isHopeful(list: string): boolean {
    const known = this.#lists.get(list);
    if (known === undefined || known.pause === 0) return true;
    known.pause -= 1;
    return false;
  }

  #learn(list: string, paid: boolean) {
    const tries = (this.#lists.get(list)?.tries ?? 0) + 1;
    if (paid) this.#lists.delete(list);
    else this.#lists.put(list, { tries, pause: Math.min(2 ** tries, MAX_PAUSE) });
  }
}
