import type { Cancellation } from './cancellation.ts';

/** Gives a slot back. */
export type Release = () => void;

/** The calls of one client operation, in the order in which they were requested. */
export interface ClientQueue {
  /** Acquires a slot: at once if one is free, otherwise when it is the call's turn. Every slot must be released. */
  acquire(): Release | Promise<Release>;
}

const noSlot: Release = () => {};

interface Waiting {
  calls: ((release: Release) => void)[];
  onEmpty(): void;
}

/**
 * Lets at most `maxConcurrent` calls run at a time. Waiting client operations take turns, one call each: an operation that
 * needs one call passes one that needs hundreds. The calls of a cancelled operation no longer wait: they fail unsent.
 *
 * Waiting has no timeout. It ends because every call ahead has a deadline: at the latest after that timeout times
 * (calls ahead / `maxConcurrent`).
 */
export class FairQueue {
  #free: number;
  /** In the order of their turns. */
  readonly #waiting = new Set<Waiting>();

  constructor(maxConcurrent: number) {
    this.#free = maxConcurrent;
  }

  /** How many calls are waiting. */
  get depth(): number {
    let depth = 0;
    for (const { calls } of this.#waiting) depth += calls.length;
    return depth;
  }

  /** The queue of one client operation; free of cost until a call has to wait. */
  clientQueue(cancellation: Cancellation): ClientQueue {
    const own: Waiting = { calls: [], onEmpty: () => cancellation.removeListener(onCancel) };
    const onCancel = () => {
      this.#waiting.delete(own);
      for (const start of own.calls.splice(0)) start(noSlot);
    };
    const wait = (start: (release: Release) => void) => {
      if (own.calls.push(start) > 1) return;
      this.#waiting.add(own);
      cancellation.addListener(onCancel);
    };
    return {
      acquire: () => {
        if (cancellation.isCancelled) return noSlot;
        if (this.#free === 0) return new Promise<Release>(wait);
        this.#free -= 1;
        return this.#release;
      },
    };
  }

  readonly #release = () => {
    const [next] = this.#waiting;
    const start = next?.calls.shift();
    if (next === undefined || start === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    if (next.calls.length > 0) this.#waiting.add(next);
    else next.onEmpty();
    start(this.#release);
  };
}
