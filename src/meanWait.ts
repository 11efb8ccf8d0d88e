/** How long work waited on average before it was begun, from one look to the next. */
export class MeanWait {
  #begun = 0;
  #waitedMs = 0;

  /** Counts work that begins now, after so many milliseconds. */
  add(waitedMs: number): void {
    this.#begun += 1;
    this.#waitedMs += waitedMs;
  }

  /** In milliseconds. If nothing was begun since the last call, it is how long the first has waited that still waits. */
  take(oldestMs: number): number {
    const meanMs = this.#begun === 0 ? oldestMs : this.#waitedMs / this.#begun;
    this.#begun = 0;
    this.#waitedMs = 0;
    return meanMs;
  }
}
