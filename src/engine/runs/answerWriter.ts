import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatDelta } from '../models/delta.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/store.ts';
import { type Workplace, writeTo } from './claimedRun.ts';
import type { Ledger } from './ledger.ts';
import { type Turn, writeDelta } from './turn.ts';

/** Milliseconds between two writes of deltas: a fast model's pieces share a commit, and a reader sees no wait. */
const writeInterval = 20;
/** Deltas that may wait to be written before the model is made to wait. */
const mostWaiting = 512;

/** Writes the deltas as they come, several in one transaction where they come fast. What is left is the caller's to write. */
export const writeWhileReading = async (
  place: Workplace,
  record: RunRecord,
  turn: Turn,
  deltas: AsyncIterable<ChatDelta> | ChatDelta[],
): Promise<ChatDelta[]> => {
  const waiting: ChatDelta[] = [];
  const over = new AbortController();
  let isWriting = false;
  let writing = Promise.resolve();
  let failure: unknown;
  const enterAll = (pieces: ChatDelta[], ledger: Ledger) => {
    for (const piece of pieces) writeDelta(turn, piece, ledger);
  };

  const writeOn = async () => {
    isWriting = true;
    try {
      while (waiting.length > 0 && !over.signal.aborted) {
        const pieces = waiting.splice(0);
        await writeTo(place, record, turn, (ledger) => enterAll(pieces, ledger));
        await sleep(writeInterval, undefined, { signal: over.signal }).catch(() => undefined);
      }
    } catch (error) {
      failure = error;
    } finally {
      isWriting = false;
    }
  };

  try {
    for await (const delta of deltas) {
      waiting.push(delta);
      if (!isWriting) writing = writeOn();
      if (waiting.length >= mostWaiting) await writing;
      if (failure !== undefined) throw failure;
    }
  } catch (error) {
    failure ??= error;
  }
  over.abort();
  await writing;
  if (failure === undefined) return waiting;
  // What a model said before it failed was said.
  if (failure instanceof ModelError) await writeTo(place, record, turn, (ledger) => enterAll(waiting, ledger));
  throw failure;
};
