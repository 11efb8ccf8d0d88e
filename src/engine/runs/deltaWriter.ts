import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import type { ChatDelta } from '../models/delta.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { applyDelta } from './applyDelta.ts';
import { appendToClaimedRun } from './claimedRun.ts';
import { PendingDeltas } from './pendingDeltas.ts';
import type { Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

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
  const { pace, model } = dependencies;
  const pending = new PendingDeltas();
  const finished = new AbortController();
  let isWriting = false;
  let writing = Promise.resolve();
  let failure: unknown;

  const write = () =>
    appendToClaimedRun(dependencies, record, (transaction) => {
      for (const delta of pending.take()) applyDelta(turn, delta, transaction);
    });

  const writePending = async () => {
    isWriting = true;
    try {
      await nextTurnOfLoop();
      // The events of the offline model do not depend on time.
      pending.joins = !model.offline;
      while (pending.isAnyStored && !finished.signal.aborted) {
        const started = performance.now();
        await write();
        await pause(pace.pauseAfter(performance.now() - started), finished.signal);
      }
    } catch (error) {
      failure = error;
    } finally {
      isWriting = false;
    }
  };

  const endOfStream = pace.begin();
  try {
    for await (const delta of deltas) {
      pending.add(delta);
      if (!isWriting && pending.isAnyStored) writing = writePending();
      if (pending.isFull) await writing;
      if (failure !== undefined) throw failure;
    }
  } catch (error) {
    failure ??= error;
  } finally {
    endOfStream();
  }
  finished.abort('the model is done');
  await writing;
  if (failure === undefined) return pending.take();
  // The deltas that preceded a failure of the model are kept.
  if (failure instanceof ModelError && pending.isAnyStored) await write();
  throw failure;
};
