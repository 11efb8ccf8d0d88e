import type { RestRunIncompleteReason } from '../../wire/run.ts';
import type { ChatRequest } from '../models/model.ts';
import { ModelError } from '../models/modelError.ts';
import type { RunRecord } from '../store/access/runs.ts';
import { applyDelta } from './applyDelta.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import { type CompleteTurn, continuable, resumedTurn } from './continuation.ts';
import { writeDeltas } from './deltaWriter.ts';
import { endTurn } from './endTurn.ts';
import { completionLimitOf, promptRoomOf, type RequestSettings, requestSettingsOf } from './modelRequest.ts';
import { turnToolsOf } from './ownTools.ts';
import { type Prompt, type PromptOptions, promptFor } from './prompt.ts';
import { type PartialTurn, turnProgressOf } from './resume.ts';
import { endRun } from './runEnding.ts';
import { newTurn, type Turn, type TurnTools } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/**
 * Tokens that a model is assumed to take if its context size is not known. Without a limit, the prompt for a thread of
 * 100,000 messages would hold all of them.
 */
const assumedContext = 128_000;
/** How often a prompt is built again because it was too long for the model. */
const maxShortenings = 4;
/** The size of the next prompt, as a part of the one that was too long. */
const shortening = 2 / 3;

/** Whether the model rejected the prompt as too long, and nothing has been written. */
const isTooLong = (error: unknown, { step, callStep, hasMessage }: Turn): error is ModelError =>
  error instanceof ModelError &&
  error.code === 'context_length_exceeded' &&
  !hasMessage &&
  step === undefined &&
  callStep === undefined;

/** What the calls of one turn have in common. */
interface TurnContext {
  dependencies: WorkerDependencies;
  record: RunRecord;
  settings: RequestSettings;
  tools: TurnTools;
  /** What another worker wrote of the turn, to be continued. */
  partial: PartialTurn | undefined;
  signal: AbortSignal;
  onCall: () => void;
}

/** Calls the model and writes what it writes. False if the prompt is too long for the model. Rejects with `ModelError`. */
const callModel = async (
  { dependencies, record, settings, tools, partial, signal, onCall }: TurnContext,
  prompt: Prompt,
  maxTokens: number | null,
): Promise<boolean> => {
  const request: ChatRequest = { ...settings, messages: prompt.messages, maxTokens, signal };
  const completeNow: CompleteTurn = (take) => {
    onCall();
    return dependencies.model.complete(request, take);
  };
  const { turn, complete } = partial
    ? await resumedTurn(dependencies, record, partial, completeNow)
    : { turn: newTurn(tools), complete: completeNow };
  try {
    const unwritten = await writeDeltas(dependencies, record, turn, complete);
    await writeToClaimedRun(dependencies, record, (transaction) => {
      for (const delta of unwritten) applyDelta(turn, delta, transaction);
      endTurn(turn, prompt, dependencies.tools, transaction);
    });
    return true;
  } catch (error) {
    if (isTooLong(error, turn)) return false;
    throw error;
  }
};

/** Calls the model, with a shorter prompt each time that it is too long. False if no prompt is short enough. */
const callWithFittingPrompt = async (
  context: TurnContext,
  { steps, engineCalls }: Pick<PromptOptions, 'steps' | 'engineCalls'>,
): Promise<boolean> => {
  const { dependencies, record, settings } = context;
  const { store, model, readImage } = dependencies;
  const isShortenable = record.run.truncation_strategy?.type !== 'last_messages';
  let room = Number.POSITIVE_INFINITY;
  let previous: Prompt | undefined;
  for (let shortened = 0; shortened <= maxShortenings; shortened += 1) {
    const contextTokens = model.contextTokensOf(record.run.model);
    // With `last_messages` the model gets the messages that the run asks for, and no fewer.
    if (isShortenable) room = Math.min(room, promptRoomOf(contextTokens ?? assumedContext, settings));
    const prompt = await promptFor(store, record, { steps, engineCalls, contextTokens: room, readImage });
    if (prompt === undefined || prompt.messages.length === previous?.messages.length) return false;
    if (await callModel(context, prompt, completionLimitOf(contextTokens, settings, prompt))) return true;
    if (!isShortenable) return false;
    previous = prompt;
    room = Math.floor(prompt.tokens * shortening);
  }
  return false;
};

/** Makes the next model call of a claimed run, and writes what the model writes. Rejects with `ModelError`. */
export const runTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  signal: AbortSignal,
  onCall: () => void,
): Promise<void> => {
  const { store } = dependencies;
  const progress = await turnProgressOf(store, record);
  const partial = await continuable(dependencies, record, progress.partial);
  const steps = progress.completedSteps;
  const isFirstTurn = steps.every(({ type }) => type !== 'tool_calls');
  const settings = await requestSettingsOf(dependencies, record, isFirstTurn);
  const engineCalls = steps.length === 0 ? [] : await store.engineCalls.ofRun(record.run.id);
  const tools = await turnToolsOf(store, record.run, { tools: settings.tools, steps, engineCalls });
  if (partial !== undefined) partial.tools = tools;
  const endIncomplete = (reason: RestRunIncompleteReason) =>
    writeToClaimedRun(dependencies, record, (transaction) => {
      transaction.update({ progress: { ...transaction.record.progress, isCalling: false } });
      endRun(transaction, { status: 'incomplete', reason }, partial ?? {});
    });
  if (settings.maxTokens !== null && settings.maxTokens <= 0) return endIncomplete('max_completion_tokens');
  const context = { dependencies, record, settings, tools, partial, signal, onCall };
  if (!(await callWithFittingPrompt(context, { steps, engineCalls }))) await endIncomplete('max_prompt_tokens');
};
