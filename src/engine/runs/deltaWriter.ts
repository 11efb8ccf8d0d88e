import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import type { ChatDelta } from '../models/delta.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { applyDelta } from './applyDelta.ts';
import { appendToClaimedRun } from './claimedRun.ts';
import type { Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/**
 * Milliseconds between two writes: how long a delta may wait for others, except the first one, which waits for none. Readers
 * notice no delay, and each write is a transaction.
 */
const shortestPause = 30;
/** The longest pause of a store that is busy: there a pause is twice the time that the last write took. */
const longestPause = 100;

const pauseAfter = (writeMs: number) => Math.min(Math.max(2 * writeMs, shortestPause), longestPause);
/** Maximum number of unwritten deltas. Once it is reached, the model's stream is not read until a write is complete. */
const maxPending = 512;

/** Resolves after a time, or at once when `signal` is aborted. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : milliseconds);
    signal.addEventListener('abort', end);
  });

/** Whether something is stored of the delta before the turn ends. */
const isStored = ({ type }: ChatDelta) => type !== 'finish' && type !== 'usage';

/**
 * Writes deltas while the model streams them, several in one transaction if they arrive fast. Returns those not yet written,
 * which are all of them if the model was done within a turn of the event loop.
 */
export const writeDeltas = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  turn: Turn,
  deltas: AsyncIterable<ChatDelta> | ChatDelta[],
): Promise<ChatDelta[]> => {
  const pending: ChatDelta[] = [];
  const finished = new AbortController();
  let isWriting = false;
  let writing = Promise.resolve();
  let failure: unknown;

  const write = () =>
    appendToClaimedRun(dependencies, record, (transaction) => {
      for (const delta of pending.splice(0)) applyDelta(turn, delta, transaction);
    });

  const writePending = async () => {
    isWriting = true;
    try {
      await nextTurnOfLoop();
      while (pending.some(isStored) && !finished.signal.aborted) {
        const started = performance.now();
        await write();
        await pause(pauseAfter(performance.now() - started), finished.signal);
      }
    } catch (error) {
      failure = error;
    } finally {
      isWriting = false;
    }
  };

  try {
    for await (const delta of deltas) {
      pending.push(delta);
      if (!isWriting && isStored(delta)) writing = writePending();
      if (pending.length >= maxPending) await writing;
      if (failure !== undefined) throw failure;
    }
  } catch (error) {
    failure ??= error;
  }
  finished.abort('the model is done');
  await writing;
  if (failure === undefined) return pending;
  // The deltas that preceded a failure of the model are kept.
  if (failure instanceof ModelError && pending.length > 0) await write();
  throw failure;
};
