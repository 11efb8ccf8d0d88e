import type { ServerResponse } from 'node:http';

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

  /** Takes a slot until the response is closed, which it may be already. Returns false if none is free. */
  takeUntilClosed(response: ServerResponse): boolean {
    const giveBack = this.take();
    if (giveBack === undefined) return false;
    if (response.destroyed) giveBack();
    else response.once('close', giveBack);
    return true;
  }
}
