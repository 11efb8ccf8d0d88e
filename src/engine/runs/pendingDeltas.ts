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
  /**
   * Whether pieces of a text that wait together become one. Each delta is an event, which is stored, sent and read, and those of
   * one write reach readers at the same time.
   */
  joins = false;
  #deltas: ChatDelta[] = [];

  /** Whether there is something to write before the turn ends. */
  get isAnyStored(): boolean {
    return this.#deltas.some(isStored);
  }

  get isFull(): boolean {
    return this.#deltas.length >= MAX_PENDING;
  }

  add(delta: ChatDelta): void {
    const last = this.#deltas.at(-1);
    const isLong = last !== undefined && isText(last) && textOf(last).length >= LONGEST_JOINED;
    const both = this.joins && last !== undefined && !isLong ? joinedDelta(last, delta) : undefined;
    if (both === undefined) this.#deltas.push(delta);
    else this.#deltas[this.#deltas.length - 1] = both;
  }

  take(): ChatDelta[] {
    const taken = this.#deltas;
    this.#deltas = [];
    return taken;
  }
}
