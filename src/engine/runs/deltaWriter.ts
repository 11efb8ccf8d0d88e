import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatDelta } from '../models/delta.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { applyDelta } from './applyDelta.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Milliseconds between two writes. The deltas of a fast model share a commit, and readers notice no delay. */
const shortestPause = 20;
/** The longest pause of a store that is busy: there a pause is twice the time that the last write took. */
const longestPause = 100;

const pauseAfter = (writeMs: number) => Math.min(Math.max(2 * writeMs, shortestPause), longestPause);
/** Maximum number of unwritten deltas. Once it is reached, the model's stream is not read until a write is complete. */
const maxPending = 512;

/** Writes deltas while the model streams them, several in one transaction if they arrive fast. Returns those not yet written. */
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
  const applyAll = (batch: ChatDelta[], transaction: RunTransaction) => {
    for (const delta of batch) applyDelta(turn, delta, transaction);
  };

  const writePending = async () => {
    isWriting = true;
    try {
      while (pending.length > 0 && !finished.signal.aborted) {
        const batch = pending.splice(0);
        const started = performance.now();
        await writeToClaimedRun(dependencies, record, turn, (transaction) => applyAll(batch, transaction));
        const pause = pauseAfter(performance.now() - started);
        await sleep(pause, undefined, { signal: finished.signal }).catch(() => undefined);
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
      if (!isWriting) writing = writePending();
      if (pending.length >= maxPending) await writing;
      if (failure !== undefined) throw failure;
    }
  } catch (error) {
    failure ??= error;
  }
  finished.abort();
  await writing;
  if (failure === undefined) return pending;
  // The deltas that preceded a failure of the model are kept.
  if (failure instanceof ModelError)
    await writeToClaimedRun(dependencies, record, turn, (transaction) => applyAll(pending, transaction));
  throw failure;
};
