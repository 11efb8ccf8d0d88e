import type { ChatDelta } from '../models/delta.ts';
import type { ChatRequest } from '../models/model.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/store.ts';
import { applyDelta } from './applyDelta.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import { writeDeltas } from './deltaWriter.ts';
import { endTurn } from './endTurn.ts';
import { completionLimitOf, promptRoomOf, requestSettingsOf } from './modelRequest.ts';
import { type Prompt, promptFor } from './prompt.ts';
import { abandonTurn, type PartialTurn, remainingDeltas, turnProgressOf } from './resume.ts';
import { endRun } from './runEnding.ts';
import { newTurn, type Turn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** How often a prompt is built again because it was too long for the model. */
const maxShortenings = 4;
/** The size of the next prompt, as a part of the one that was too long. */
const shortening = 2 / 3;

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
  writeToClaimedRun(dependencies, record, partial, (transaction) => abandonTurn(partial, transaction));

/** Continues the turn of a worker that stopped if the model repeats what was written; otherwise starts the turn again. */
const resumedTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  partial: PartialTurn,
  completion: AsyncIterable<ChatDelta>,
): Promise<TurnInput> => {
  const deltas = await collected(completion);
  const rest = remainingDeltas(partial, deltas);
  if (rest !== undefined) return { turn: partial, deltas: rest };
  await abandon(dependencies, record, partial);
  return { turn: newTurn(), deltas };
};

async function* announced(deltas: AsyncIterable<ChatDelta>, onCall: () => void): AsyncGenerator<ChatDelta> {
  onCall();
  yield* deltas;
}

/** Whether the model rejected the prompt as too long, and nothing has been written. */
const isTooLong = (error: unknown, { step, callStep, hasMessage }: Turn): error is ModelError =>
  error instanceof ModelError &&
  error.code === 'context_length_exceeded' &&
  !hasMessage &&
  step === undefined &&
  callStep === undefined;

/** A run with `last_messages` shows the model the messages that it asks for, and no fewer. */
const mayShorten = ({ run }: RunRecord): boolean => run.truncation_strategy?.type !== 'last_messages';

/** Makes one model call for a claimed run, and writes what the model writes. Rejects with `ModelError`. */
export const runTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  signal: AbortSignal,
  onCall: () => void,
): Promise<void> => {
  const { store, model, readImage } = dependencies;
  const { completedSteps: steps, partial: written } = await turnProgressOf(store, record);
  let partial = written;
  if (partial !== undefined && !model.offline) {
    // Another call would write something else: a completion can't be continued.
    await abandon(dependencies, record, partial);
    partial = undefined;
  }
  const endIncomplete = (reason: 'max_prompt_tokens' | 'max_completion_tokens') =>
    writeToClaimedRun(dependencies, record, partial ?? newTurn(), (transaction) => {
      transaction.update({ progress: { ...transaction.record.progress, isCalling: false } });
      endRun(transaction, { status: 'incomplete', reason }, partial ?? {});
    });
  const isFirstTurn = steps.every(({ type }) => type !== 'tool_calls');
  const settings = await requestSettingsOf(store, model, record, isFirstTurn);
  if (settings.maxTokens !== null && settings.maxTokens <= 0) return endIncomplete('max_completion_tokens');

  let room = Number.POSITIVE_INFINITY;
  let previous: Prompt | undefined;
  for (let shortened = 0; shortened <= maxShortenings; shortened += 1) {
    const contextTokens = model.contextTokensOf(record.run.model) ?? Number.POSITIVE_INFINITY;
    room = Math.min(room, promptRoomOf(contextTokens, settings));
    const prompt = await promptFor(store, record, { steps, contextTokens: room, readImage });
    if (prompt === undefined || prompt.messages.length === previous?.messages.length) break;
    const maxTokens = completionLimitOf(contextTokens, settings, prompt);
    const request: ChatRequest = { ...settings, messages: prompt.messages, maxTokens, signal };
    const completion = announced(model.complete(request), onCall);
    const input = partial
      ? await resumedTurn(dependencies, record, partial, completion)
      : { turn: newTurn(), deltas: completion };
    try {
      const unwritten = await writeDeltas(dependencies, record, input.turn, input.deltas);
      return await writeToClaimedRun(dependencies, record, input.turn, (transaction) => {
        for (const delta of unwritten) applyDelta(input.turn, delta, transaction);
        endTurn(input.turn, prompt, transaction);
      });
    } catch (error) {
      if (!isTooLong(error, input.turn)) throw error;
      if (!mayShorten(record)) break;
      previous = prompt;
      room = Math.floor(prompt.tokens * shortening);
    }
  }
  return endIncomplete('max_prompt_tokens');
};
