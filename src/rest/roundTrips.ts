/**
 * Counts the round trips of one request: REST calls that run in parallel are one round trip, and a call that needs the
 * result of another starts the next. A call belongs to the round trip after the latest one of which a call had ended when
 * it was requested. Time spent in the queue does not count.
 */
export class RoundTrips {
  #ended = 0;
  #highest = 0;

  /** The round trip of a call that is requested now, from 1. */
  get next(): number {
    return this.#ended + 1;
  }

  /** Round trips so far. */
  get count(): number {
    return this.#highest;
  }

  begin(): number {
    const roundTrip = this.next;
    if (roundTrip > this.#highest) this.#highest = roundTrip;
    return roundTrip;
  }

  end(roundTrip: number): void {
    if (roundTrip > this.#ended) this.#ended = roundTrip;
  }
}
