/** Counts connections that stay open, event streams and WebSockets together, up to a limit. */
export class StreamSlots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  get isFull(): boolean {
    return this.#taken >= this.#max;
  }

  /** Takes a slot and returns what gives it back; undefined if none is free. */
  take(): (() => void) | undefined {
    if (this.isFull) return undefined;
    this.#taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken -= 1;
      isTaken = false;
    };
  }
}
