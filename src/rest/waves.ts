/**
 * How far the calls of one request had to wait for each other. A call belongs to the wave that follows the highest one of
 * which a call had ended when it was asked for: calls that go out together are one wave, and what an answer leads to is
 * the next. Waiting for a place in the queue is no wave.
 */
export class Waves {
  #ended = 0;
  #highest = 0;

  /** The wave of a call that is asked for now. The first is 1. */
  get next(): number {
    return this.#ended + 1;
  }

  /** How many there were so far. */
  get count(): number {
    return this.#highest;
  }

  begin(): number {
    const wave = this.next;
    if (wave > this.#highest) this.#highest = wave;
    return wave;
  }

  end(wave: number): void {
    if (wave > this.#ended) this.#ended = wave;
  }
}
