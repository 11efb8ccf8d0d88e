import type { RestRunLastError } from '../../wire/run.ts';
import type { ChatDelta } from '../models/delta.ts';
import type { ChatMessage, ChatRequest } from '../models/model.ts';
import { ModelError, type ModelErrorCode } from '../models/modelError.ts';
import { estimateMessageTokens, estimateTokens } from '../models/tokens.ts';
import type { RunRecord } from '../store/store.ts';
import { writeDeltas } from './deltaWriter.ts';
import { endAsCancelled } from './cancellation.ts';
import { LeaseLostError, writeToClaimedRun } from './claimedRun.ts';
import { type RunEnding, endRun, openObjectsOf } from './runEnding.ts';
import { type RunTransaction, runTransactionOf } from './runTransaction.ts';
import { promptFor } from './prompt.ts';
import { abandonTurn, remainingDeltas, type TurnProgress, turnProgressOf } from './resume.ts';
import { beginMessage, newTurn, requiredToolCalls, type Turn, applyDelta } from './turn.ts';
import { addedUsage, usageOf } from './usage.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

const requestFor = (
  { run, progress }: RunRecord,
  messages: ChatMessage[],
  isFirstTurn: boolean,
  signal: AbortSignal,
): ChatRequest => ({
  model: run.model,
  messages,
  tools: run.tools.flatMap((tool) => (tool.type === 'function' ? [tool.function] : [])),
  hostedTools: [],
  // A choice that forces a call applies until there has been one; after that, the model could never write a message.
  toolChoice: run.tool_choice === 'none' || isFirstTurn ? (run.tool_choice ?? 'auto') : 'auto',
  parallelToolCalls: run.parallel_tool_calls,
  responseFormat: run.response_format ?? 'auto',
  reasoningEffort: null,
  temperature: run.temperature ?? null,
  topP: run.top_p ?? null,
  maxTokens: run.max_completion_tokens === null ? null : run.max_completion_tokens - progress.usage.completion_tokens,
  signal,
});

const collected = async (deltas: AsyncIterable<ChatDelta>): Promise<ChatDelta[]> => {
  const all: ChatDelta[] = [];
  for await (const delta of deltas) all.push(delta);
  return all;
};

/** Continues the turn of a worker that died if the model repeats what was written; otherwise starts the turn again. */
const resumeTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  partial: Turn,
  completion: AsyncIterable<ChatDelta>,
) => {
  const deltas = await collected(completion);
  const rest = remainingDeltas(partial, deltas);
  if (rest !== undefined) return { turn: partial, deltas: rest };
  await writeToClaimedRun(dependencies, record, partial, (transaction) => abandonTurn(partial, transaction));
  return { turn: newTurn(), deltas };
};

const estimatedTokens = (messages: ChatMessage[], turn: Turn) => ({
  prompt: messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0),
  completion: estimateTokens(turn.text + turn.calls.map((call) => call.function.arguments).join('')),
});

/** Ends a turn: afterwards the run waits for tool outputs or has ended. */
const endTurn = (turn: Turn, messages: ChatMessage[], transaction: RunTransaction) => {
  const tokens = turn.tokens ?? estimatedTokens(messages, turn);
  const usage = usageOf(tokens.prompt, tokens.completion);
  transaction.update({
    progress: { usage: addedUsage(transaction.record.progress.usage, usage), pendingUsage: usage },
  });
  if (turn.finish === 'length')
    return endRun(transaction, { status: 'incomplete', reason: 'max_completion_tokens' }, turn);
  if (turn.calls.length === 0) {
    if (turn.message === undefined) beginMessage(turn, transaction); // An empty completion is a message too.
    return endRun(transaction, { status: 'completed', filtered: turn.finish === 'content_filter' }, turn);
  }
  transaction.update({ claimAfter: null, lease: null });
  transaction.transition('requires_action', {
    required_action: { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: requiredToolCalls(turn) } },
  });
};

const runTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  progress: TurnProgress,
  signal: AbortSignal,
) => {
  const { partial = newTurn() } = progress;
  const end = (ending: RunEnding) =>
    writeToClaimedRun(dependencies, record, partial, (transaction) => endRun(transaction, ending, partial));
  const messages = await promptFor(
    dependencies.store,
    record,
    progress.completedSteps,
    dependencies.model.contextTokensOf(record.run.model) ?? Number.POSITIVE_INFINITY,
  );
  if (messages === undefined) return end({ status: 'incomplete', reason: 'max_prompt_tokens' });
  const request = requestFor(
    record,
    messages,
    progress.completedSteps.every(({ type }) => type !== 'tool_calls'),
    signal,
  );
  if (request.maxTokens !== null && request.maxTokens <= 0) {
    return end({ status: 'incomplete', reason: 'max_completion_tokens' });
  }

  const completion = dependencies.model.complete(request);
  const { turn, deltas } = progress.partial
    ? await resumeTurn(dependencies, record, progress.partial, completion)
    : { turn: newTurn(), deltas: completion };
  const unwritten = await writeDeltas(dependencies, record, turn, deltas);
  await writeToClaimedRun(dependencies, record, turn, (transaction) => {
    for (const delta of unwritten) applyDelta(turn, delta, transaction);
    endTurn(turn, messages, transaction);
  });
};

const lastErrorCodes: Record<ModelErrorCode, RestRunLastError['code']> = {
  server_error: 'server_error',
  rate_limit_exceeded: 'rate_limit_exceeded',
  invalid_prompt: 'invalid_prompt',
  context_length_exceeded: 'invalid_prompt',
  model_not_found: 'invalid_prompt',
};

/** The part of a failure that clients may see. */
const lastErrorOf = (error: unknown): RestRunLastError =>
  error instanceof ModelError
    ? { code: lastErrorCodes[error.code], message: error.message }
    : { code: 'server_error', message: 'Sorry, something went wrong.' };

const fail = ({ store }: WorkerDependencies, { run, lease }: RunRecord, error: unknown) =>
  store.write(async (writes) => {
    const latest = await writes.runs.find(run.id);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') return;
    const transaction = runTransactionOf(latest);
    endRun(transaction, { status: 'failed', error: lastErrorOf(error) }, await openObjectsOf(writes, latest));
    await transaction.save(writes);
  });

const cancelIfRequested = ({ store }: WorkerDependencies, { run, lease }: RunRecord) =>
  store.write(async (writes) => {
    const latest = await writes.runs.find(run.id);
    if (latest?.lease === lease && latest?.run.status === 'cancelling') await endAsCancelled(writes, latest);
  });

/**
 * Executes a claimed run until it needs no worker: in `requires_action` or a terminal status. Aborting `signal` stops the
 * model; callers that abort it have written the next status, or leave the run to the next worker.
 */
export const executeTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  signal: AbortSignal,
): Promise<void> => {
  try {
    if (record.run.status === 'in_progress') {
      await runTurn(dependencies, record, await turnProgressOf(dependencies.store, record), signal);
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof LeaseLostError)) {
      if (!(error instanceof ModelError)) dependencies.log(`run ${record.run.id} failed: ${String(error)}`);
      await fail(dependencies, record, error);
    }
  }
  await cancelIfRequested(dependencies, record);
};
