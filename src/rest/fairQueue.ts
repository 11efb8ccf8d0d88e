import type { Abandonment } from './abandonment.ts';

/** Ends a turn. */
export type Done = () => void;

/** The calls of one request, in the order that they were asked for. */
export interface Lane {
  /** At once where there is room, else when it is the call's turn. Whoever took a turn must end it. */
  turn(): Done | Promise<Done>;
}

const nothing: Done = () => {};

interface Waiting {
  calls: ((done: Done) => void)[];
  /** None waits any more. */
  drained(): void;
}

/**
 * Lets at most `most` calls go at a time. Where more want to, those who wait take turns, one call each: a request that needs a
 * single call passes by one that needs hundreds. A request that is given up no longer waits: its calls fail unsent.
 *
 * The waiting is not limited in time. It comes to an end since every call before it has a deadline, and at the latest
 * after that deadline times (calls ahead / `most`).
 */
export class FairQueue {
  #free: number;
  /** Whose turn is next comes first. */
  readonly #waiting = new Set<Waiting>();

  constructor(most: number) {
    this.#free = most;
  }

  /** For one request; costs nothing until it has to wait. */
  lane(abandonment: Abandonment): Lane {
    const mine: Waiting = { calls: [], drained: () => abandonment.forget(giveUp) };
    const giveUp = () => {
      this.#waiting.delete(mine);
      for (const go of mine.calls.splice(0)) go(nothing);
    };
    const wait = (go: (done: Done) => void) => {
      if (mine.calls.push(go) > 1) return;
      this.#waiting.add(mine);
      abandonment.remember(giveUp);
    };
    return {
      turn: () => {
        if (abandonment.happened) return nothing;
        if (this.#free === 0) return new Promise<Done>(wait);
        this.#free -= 1;
        return this.#end;
      },
    };
  }

  readonly #end = () => {
    const [next] = this.#waiting;
    const go = next?.calls.shift();
    if (next === undefined || go === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    if (next.calls.length > 0) this.#waiting.add(next);
    else next.drained();
    go(this.#end);
  };
}
