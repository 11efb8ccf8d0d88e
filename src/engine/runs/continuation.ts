import type { ChatDelta } from '../models/delta.ts';
import type { TakeDelta } from '../models/model.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import { abandonTurn, type PartialTurn, remainingDeltas } from './resume.ts';
import { newTurn, type Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Passes the deltas of a completion to a function. */
export type CompleteTurn = (take: TakeDelta) => Promise<void>;

/** The turn to write to, and the completion to write. */
interface TurnInput {
  turn: Turn;
  complete: CompleteTurn;
}

const collected = async (complete: CompleteTurn): Promise<ChatDelta[]> => {
  const all: ChatDelta[] = [];
  await complete((delta) => {
    all.push(delta);
    return undefined;
  });
  return all;
};

const completionOf =
  (deltas: readonly ChatDelta[]): CompleteTurn =>
  async (take) => {
    for (const delta of deltas) {
      const waiting = take(delta);
      if (waiting !== undefined) await waiting;
    }
  };

const abandon = (dependencies: WorkerDependencies, record: RunRecord, partial: PartialTurn) =>
  writeToClaimedRun(dependencies, record, (transaction) => abandonTurn(partial, transaction));

/** Continues the turn of a worker that stopped if the model repeats what was written; otherwise starts the turn again. */
export const resumedTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  partial: PartialTurn,
  complete: CompleteTurn,
): Promise<TurnInput> => {
  const deltas = await collected(complete);
  const rest = remainingDeltas(partial, deltas);
  if (rest !== undefined) return { turn: partial, complete: completionOf(rest) };
  await abandon(dependencies, record, partial);
  return { turn: newTurn(partial.tools), complete: completionOf(deltas) };
};

/**
 * The part of the turn that can be continued. A real model would write something else, so its part is abandoned. So is a
 * part with calls of tools that are no functions, since their arguments are not stored before the turn ends.
 */
export const continuable = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  partial: PartialTurn | undefined,
): Promise<PartialTurn | undefined> => {
  if (partial === undefined) return undefined;
  if (dependencies.model.offline && partial.calls.every(({ type }) => type === 'function')) return partial;
  await abandon(dependencies, record, partial);
  return undefined;
};
