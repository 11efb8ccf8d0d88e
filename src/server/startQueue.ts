import { MeanWait } from '../meanWait.ts';

/** How long work is started for in one turn of the event loop, in milliseconds. */
const TURN_MS = 10;

interface Start {
  readonly start: () => void;
  /** By `performance.now()`. */
  readonly since: number;
}

/**
 * Starts requests, or calls of the embedded engine: at once, but if many come in the same turn of the event loop, the later ones in
 * later turns and in order. A hundred connections that send a request at the same moment would otherwise hold the event loop until all
 * are started. Measures how long they wait.
 */
export class StartQueue {
  #waiting: Start[] = [];
  #next = 0;
  /** By `performance.now()`; undefined until something is started in this turn. */
  #began: number | undefined;
  /** When none waited last, by `performance.now()`. */
  #emptyUntil = 0;
  readonly #meanWait = new MeanWait();

  /** How long the first that waits has waited, in milliseconds; 0 if none waits. */
  get waitMs(): number {
    const first = this.#waiting[this.#next];
    return first === undefined ? 0 : performance.now() - first.since;
  }

  /** How long ago none waited, in milliseconds. */
  get standingMs(): number {
    return this.#next === this.#waiting.length ? 0 : performance.now() - this.#emptyUntil;
  }

  /** How long those waited on average that were started since the last call, in milliseconds. */
  takeMeanWait(): number {
    return this.#meanWait.take(this.waitMs);
  }

  add(start: () => void): void {
    if (this.#isTurnOver() || this.#next < this.#waiting.length) {
      const since = performance.now();
      if (this.#next === this.#waiting.length) this.#emptyUntil = since;
      this.#waiting.push({ start, since });
      return;
    }
    this.#meanWait.add(0);
    start();
  }

  #isTurnOver(): boolean {
    if (this.#began !== undefined) return performance.now() - this.#began > TURN_MS;
    this.#began = performance.now();
    setImmediate(() => {
      this.#began = undefined;
      this.#startNext();
    });
    return false;
  }

  readonly #startNext = () => {
    const next = this.#waiting[this.#next];
    if (next === undefined) {
      this.#waiting = [];
      this.#next = 0;
      return;
    }
    if (this.#isTurnOver()) return;
    this.#meanWait.add(performance.now() - next.since);
    next.start();
    this.#next += 1;
    // While more keep coming the list is never empty, and would hold all that have been started.
    if (this.#next > 1000) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    // It goes on with promises that are fulfilled already: only after these is it known how long it took.
    queueMicrotask(() => process.nextTick(this.#startNext));
  };
}
