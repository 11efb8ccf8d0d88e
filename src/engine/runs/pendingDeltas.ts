import type { ChatDelta } from '../models/delta.ts';
import { isText, joinedDelta, textOf } from '../models/textDelta.ts';

/** Maximum number of deltas that wait. Once it is reached, the model's stream is not read until a write is complete. */
const MAX_PENDING = 512;

/** Characters of a delta after which others are not joined to it. */
const LONGEST_JOINED = 4096;

/** Whether something is stored of the delta before the turn ends. */
const isStored = ({ type }: ChatDelta) => type !== 'finish' && type !== 'usage';

/** Deltas of a completion that wait to be written. */
export class PendingDeltas {
  #deltas: ChatDelta[] = [];

  /** Whether there is something to write before the turn ends. */
  get isAnyStored(): boolean {
    return this.#deltas.some(isStored);
  }

  get isFull(): boolean {
    return this.#deltas.length >= MAX_PENDING;
  }

  /** `mayJoin`: whether a piece of a text may become one with the piece before it that waits too. */
  add(delta: ChatDelta, mayJoin: boolean): void {
    const last = this.#deltas.at(-1);
    const isLong = last !== undefined && isText(last) && textOf(last).length >= LONGEST_JOINED;
    const both = mayJoin && last !== undefined && !isLong ? joinedDelta(last, delta) : undefined;
    if (both === undefined) this.#deltas.push(delta);
    else this.#deltas[this.#deltas.length - 1] = both;
  }

  take(): ChatDelta[] {
    const taken = this.#deltas;
    this.#deltas = [];
    return taken;
  }
}
