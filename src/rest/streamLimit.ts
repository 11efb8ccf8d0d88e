import type { RestCall } from './call.ts';
import { OverloadedError } from './errors/overloadedError.ts';
import type { Release } from './fairQueue.ts';

/** Limits how many streams of events are open at a time: each has a connection of its own, for as long as its run takes. */
export class StreamLimit {
  readonly #maxStreams: number;
  #open = 0;

  constructor(maxStreams: number) {
    this.#maxStreams = maxStreams;
  }

  /** Counts a stream until it is released. Throws OverloadedError if there are as many as allowed. */
  acquire(call: RestCall): Release {
    if (this.#open >= this.#maxStreams)
      throw new OverloadedError(call, `${this.#open} streams from the upstream are open`);
    this.#open += 1;
    return () => {
      this.#open -= 1;
    };
  }
}
