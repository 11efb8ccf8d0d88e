import type { ChatDelta } from '../models/delta.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import { abandonTurn, type PartialTurn, remainingDeltas } from './resume.ts';
import { newTurn, type Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** The turn to write to, and the deltas to write. */
interface TurnInput {
  turn: Turn;
  deltas: AsyncIterable<ChatDelta> | ChatDelta[];
}

const collected = async (deltas: AsyncIterable<ChatDelta>): Promise<ChatDelta[]> => {
  const all: ChatDelta[] = [];
  for await (const delta of deltas) all.push(delta);
  return all;
};

const abandon = (dependencies: WorkerDependencies, record: RunRecord, partial: PartialTurn) =>
  writeToClaimedRun(dependencies, record, (transaction) => abandonTurn(partial, transaction));

/** Continues the turn of a worker that stopped if the model repeats what was written; otherwise starts the turn again. */
export const resumedTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  partial: PartialTurn,
  completion: AsyncIterable<ChatDelta>,
): Promise<TurnInput> => {
  const deltas = await collected(completion);
  const rest = remainingDeltas(partial, deltas);
  if (rest !== undefined) return { turn: partial, deltas: rest };
  await abandon(dependencies, record, partial);
  return { turn: newTurn(partial.tools), deltas };
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
