import type { RestRunLastError } from '../../wire/run.ts';
import type { ChatDelta } from '../models/delta.ts';
import type { ChatMessage, ChatRequest } from '../models/model.ts';
import { ModelError, type ModelErrorCode } from '../models/modelError.ts';
import { estimateMessageTokens, estimateTokens } from '../models/tokens.ts';
import type { RunRecord } from '../store/store.ts';
import { writeWhileReading } from './answerWriter.ts';
import { cancelRun } from './cancel.ts';
import { RunTakenError, type Workplace, writeTo } from './claimedRun.ts';
import { type Ending, endRun, openWorkOf } from './ending.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { promptFor } from './prompt.ts';
import { abandon, continuationOf, type Progress, progressOf } from './resume.ts';
import { beginMessage, newTurn, requiredCalls, type Turn, writeDelta } from './turn.ts';
import { addedUsage, usageOf } from './usage.ts';

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
  // A choice that forces a call does so before the first answer; kept up, it would never let the model answer.
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

/** Goes on where a worker that died had stopped, if the model answers the same again; else begins anew. */
const takeUp = async (place: Workplace, record: RunRecord, half: Turn, answer: AsyncIterable<ChatDelta>) => {
  const deltas = await collected(answer);
  const rest = continuationOf(half, deltas);
  if (rest !== undefined) return { turn: half, deltas: rest };
  await writeTo(place, record, half, (ledger) => abandon(half, ledger));
  return { turn: newTurn(), deltas };
};

const estimatedTokens = (messages: ChatMessage[], turn: Turn) => ({
  prompt: messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0),
  completion: estimateTokens(turn.text + turn.calls.map((call) => call.function.arguments).join('')),
});

/** Ends a turn: the run waits for outputs, or has ended. */
const endTurn = (turn: Turn, messages: ChatMessage[], ledger: Ledger) => {
  const tokens = turn.tokens ?? estimatedTokens(messages, turn);
  const usage = usageOf(tokens.prompt, tokens.completion);
  ledger.keep({ progress: { usage: addedUsage(ledger.record.progress.usage, usage), pendingUsage: usage } });
  if (turn.finish === 'length') return endRun(ledger, { status: 'incomplete', reason: 'max_completion_tokens' }, turn);
  if (turn.calls.length === 0) {
    if (turn.message === undefined) beginMessage(turn, ledger); // An answer without a word is still an answer.
    return endRun(ledger, { status: 'completed', filtered: turn.finish === 'content_filter' }, turn);
  }
  ledger.keep({ claimAfter: null, lease: null });
  ledger.run('requires_action', {
    required_action: { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: requiredCalls(turn) } },
  });
};

const answerTurn = async (place: Workplace, record: RunRecord, progress: Progress, signal: AbortSignal) => {
  const { half = newTurn() } = progress;
  const end = (ending: Ending) => writeTo(place, record, half, (ledger) => endRun(ledger, ending, half));
  const contextTokens = place.model.contextTokensOf(record.run.model) ?? Number.POSITIVE_INFINITY;
  const messages = await promptFor(place.store, record, progress.done, contextTokens);
  if (messages === undefined) return end({ status: 'incomplete', reason: 'max_prompt_tokens' });
  const request = requestFor(
    record,
    messages,
    progress.done.every(({ type }) => type !== 'tool_calls'),
    signal,
  );
  if (request.maxTokens !== null && request.maxTokens <= 0) {
    return end({ status: 'incomplete', reason: 'max_completion_tokens' });
  }

  const answer = place.model.complete(request);
  const { turn, deltas } = progress.half
    ? await takeUp(place, record, progress.half, answer)
    : { turn: newTurn(), deltas: answer };
  const left = await writeWhileReading(place, record, turn, deltas);
  await writeTo(place, record, turn, (ledger) => {
    for (const delta of left) writeDelta(turn, delta, ledger);
    endTurn(turn, messages, ledger);
  });
};

const lastErrorCodes: Record<ModelErrorCode, RestRunLastError['code']> = {
  server_error: 'server_error',
  rate_limit_exceeded: 'rate_limit_exceeded',
  invalid_prompt: 'invalid_prompt',
  context_length_exceeded: 'invalid_prompt',
  model_not_found: 'invalid_prompt',
};

/** What clients may know of a failure. */
const lastErrorOf = (error: unknown): RestRunLastError =>
  error instanceof ModelError
    ? { code: lastErrorCodes[error.code], message: error.message }
    : { code: 'server_error', message: 'Sorry, something went wrong.' };

const fail = ({ store }: Workplace, { run, lease }: RunRecord, error: unknown) =>
  store.write(async (writes) => {
    const latest = await writes.runs.find(run.id);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') return;
    const ledger = openLedger(latest);
    endRun(ledger, { status: 'failed', error: lastErrorOf(error) }, await openWorkOf(writes, latest));
    await ledger.save(writes);
  });

const cancelIfAsked = ({ store }: Workplace, { run, lease }: RunRecord) =>
  store.write(async (writes) => {
    const latest = await writes.runs.find(run.id);
    if (latest?.lease === lease && latest?.run.status === 'cancelling') await cancelRun(writes, latest);
  });

/**
 * Has the model answer a run that this worker has claimed, up to the next state that wants no worker: `requires_action`
 * or an end. Aborting `signal` stops the model; whoever aborts has written the state that follows, or leaves the run to
 * the next worker.
 */
export const takeTurn = async (place: Workplace, record: RunRecord, signal: AbortSignal): Promise<void> => {
  try {
    if (record.run.status === 'in_progress') {
      await answerTurn(place, record, await progressOf(place.store, record), signal);
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof RunTakenError)) {
      if (!(error instanceof ModelError)) place.log(`run ${record.run.id} failed: ${String(error)}`);
      await fail(place, record, error);
    }
  }
  await cancelIfAsked(place, record);
};
