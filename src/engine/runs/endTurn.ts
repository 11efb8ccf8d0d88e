import { type ChatUsage } from '../models/delta.ts';
import { ModelError } from '../models/modelError.ts';
import { estimateTokens } from '../models/tokens.ts';
import { lastErrorOf } from './lastError.ts';
import { storeEngineCalls } from './engineTurnCalls.ts';
import type { Prompt } from './prompt.ts';
import { endRun } from './runEnding.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { ServerTools } from '../tools/serverTools.ts';
import { requireToolOutputs } from './toolOutputs.ts';
import { functionCallsOf, type Turn } from './turn.ts';
import { beginMessage, endCitations, endText } from './turnMessage.ts';
import { addedUsage, usageOf } from './usage.ts';

/** What the turn counts against the limits of the run, if the model does not report its usage. */
const estimated = (turn: Turn, prompt: Prompt): ChatUsage => ({
  promptTokens: prompt.tokens,
  completionTokens: estimateTokens(
    turn.text +
      functionCallsOf(turn)
        .map((call) => call.function.arguments)
        .join('') +
      [...turn.engineCalls.values()].map(({ written }) => written.written).join(''),
  ),
});

const addUsage = (turn: Turn, prompt: Prompt, transaction: RunTransaction) => {
  const { progress } = transaction.record;
  const { promptTokens, completionTokens } = turn.usage ?? estimated(turn, prompt);
  const usage = turn.usage === undefined ? null : usageOf(turn.usage);
  transaction.update({
    progress: {
      ...progress,
      usage: addedUsage(progress.usage, usage),
      pendingUsage: usage,
      spent: { prompt: progress.spent.prompt + promptTokens, completion: progress.spent.completion + completionTokens },
      isCalling: false,
    },
  });
};

const failures = {
  unfinished: 'The model ended its completion without saying that it was finished.',
  filteredCall: "The model's content filter stopped the completion within a function call.",
};

/**
 * Ends a turn whose model call is over: afterwards the run waits for tool outputs or has ended. If the server runs some of the
 * tools, a worker has to claim the run to call them.
 */
export const endTurn = (turn: Turn, prompt: Prompt, tools: ServerTools, transaction: RunTransaction): void => {
  const fail = (message: string) =>
    endRun(transaction, { status: 'failed', error: lastErrorOf(new ModelError('server_error', message)) }, turn);
  if (turn.finish === undefined) return fail(failures.unfinished);
  addUsage(turn, prompt, transaction);
  endCitations(turn, transaction);
  if (turn.finish === 'length') {
    return endRun(transaction, { status: 'incomplete', reason: 'max_completion_tokens' }, turn);
  }
  const isFiltered = turn.finish === 'content_filter';
  if (functionCallsOf(turn).length === 0 && turn.engineCalls.size === 0) {
    if (!turn.hasMessage) beginMessage(turn, transaction); // An empty completion is a message too.
    return endRun(transaction, { status: 'completed', filtered: isFiltered }, turn);
  }
  if (isFiltered) return fail(failures.filteredCall);
  endText(turn, transaction);
  const calls = functionCallsOf(turn);
  storeEngineCalls(turn, transaction);
  const isForServer = turn.engineCalls.size > 0 || calls.some((call) => tools.has(call.function.name));
  if (!isForServer) return requireToolOutputs(transaction, calls);
  const { progress } = transaction.record;
  transaction.update({ claimAfter: Date.now(), lease: null, progress: { ...progress, hasServerCalls: true } });
};
