import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import type { ChatDelta } from '../models/delta.ts';
import type { TakeDelta } from '../models/model.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { applyDelta } from './applyDelta.ts';
import { appendToClaimedRun } from './claimedRun.ts';
import type { CompleteTurn } from './continuation.ts';
import { PendingDeltas } from './pendingDeltas.ts';
import type { Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/**
 * Writes deltas while the model streams them, several in one transaction if they arrive fast. Returns those not yet written,
 * which are all of them if the model was done within a turn of the event loop.
 */
export const writeDeltas = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  turn: Turn,
  complete: CompleteTurn,
): Promise<ChatDelta[]> => {
  const {
    pace,
    model: { offline },
  } = dependencies;
  const pending = new PendingDeltas();
  const model = { hasFinished: false };
  let isWriting = false;
  let endPause: (() => void) | undefined;
  let writing = Promise.resolve();
  let failure: unknown;

  const write = () =>
    appendToClaimedRun(dependencies, record, (transaction) => {
      for (const delta of pending.take()) applyDelta(turn, delta, transaction);
    });

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const writePending = async () => {
    isWriting = true;
    try {
      await nextTurnOfLoop();
      while (pending.isAnyStored && !model.hasFinished) {
        const started = performance.now();
        await write();
        if (!model.hasFinished) await pause(pace.pauseAfter(performance.now() - started));
      }
    } catch (error) {
      failure = error;
    } finally {
      isWriting = false;
    }
  };

  const take: TakeDelta = (delta) => {
    if (failure !== undefined) throw failure;
    // Each delta is an event, which is stored, sent and read. The events of the offline model do not depend on time.
    pending.add(delta, pace.isShared && !offline);
    if (!isWriting && pending.isAnyStored) writing = writePending();
    return pending.isFull ? writing : undefined;
  };

  const endOfStream = pace.begin();
  try {
    await complete(take);
  } catch (error) {
    failure ??= error;
  } finally {
    endOfStream();
  }
  model.hasFinished = true;
  endPause?.();
  await writing;
  if (failure === undefined) return pending.take();
  // The deltas that preceded a failure of the model are kept.
  if (failure instanceof ModelError && pending.isAnyStored) await write();
  throw failure;
};
