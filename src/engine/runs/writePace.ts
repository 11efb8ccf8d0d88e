/**
 * Milliseconds between two writes of a stream: how long a delta may wait for others, except the first one, which waits for
 * none. Readers notice no delay, and each write is a transaction.
 */
const SHORTEST_PAUSE = 30;
const LONGEST_PAUSE = 100;

/** Milliseconds of pause for each stream: more than ten streams share some 300 writes a second. */
const PAUSE_FOR_EACH = 3;

/** How often the streams of one process write. A process that has many, or whose store is busy, writes less often for each. */
export class WritePace {
  #streams = 0;

  /** Counts a stream, until the function that it returns is called. */
  begin(): () => void {
    this.#streams += 1;
    return () => {
      this.#streams -= 1;
    };
  }

  /** Whether there are so many that each writes less often. */
  get isShared(): boolean {
    return PAUSE_FOR_EACH * this.#streams > SHORTEST_PAUSE;
  }

  /** Milliseconds until the next write of a stream whose last one took so long. */
  pauseAfter(writeMs: number): number {
    return Math.min(Math.max(2 * writeMs, PAUSE_FOR_EACH * this.#streams, SHORTEST_PAUSE), LONGEST_PAUSE);
  }
}
