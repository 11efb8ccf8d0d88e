import type { RestMessage } from '../../wire/message.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import type { ChatDelta } from '../models/delta.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';
import { endMessage } from './runEnding.ts';
import type { RunTransaction } from './runTransaction.ts';
import { functionCallsOf, newTurn, type Turn } from './turn.ts';

/** The steps of the completed turns, and what a worker wrote of the next turn before it stopped, if anything. */
export interface TurnProgress {
  completedSteps: RestRunStep[];
  partial?: PartialTurn;
}

/** A turn that a worker did not end. */
export interface PartialTurn extends Turn {
  /** Its messages that are complete, because calls followed. */
  endedMessages: RestMessage[];
  /** How many steps the run has. */
  steps: number;
}

const hasOutputs = ({ status, step_details: details }: RestRunStep): boolean =>
  status === 'completed' && details.type === 'tool_calls' && details.tool_calls.some(({ type }) => type === 'function');

/** A run has three events before its first step, which has two. Most runs are claimed before that, and nothing has to be read. */
const fewestEventsWithStep = 5;

/** A turn with function calls is completed once their outputs are submitted; any other turn is the last one. */
export const turnProgressOf = async (
  reads: StoreReads,
  { run, progress, lastEvent }: RunRecord,
): Promise<TurnProgress> => {
  const steps = lastEvent < fewestEventsWithStep ? [] : await reads.steps.ofRun(run.id);
  const boundary = progress.endedSteps ?? steps.findLastIndex(hasOutputs) + 1;
  const completedSteps = steps.slice(0, boundary).filter(({ status }) => status === 'completed');
  const written = steps.slice(boundary).filter(({ status }) => status === 'completed' || status === 'in_progress');
  if (written.length === 0) return { completedSteps };

  const partial: PartialTurn = { ...newTurn(), endedMessages: [], steps: steps.length };
  for (const step of written) {
    const isOpen = step.status === 'in_progress';
    if (step.step_details.type === 'tool_calls') {
      if (isOpen) partial.callStep = step;
      if (isOpen) partial.calls = step.step_details.tool_calls;
      continue;
    }
    const message = await reads.messages.get(run.thread_id, step.step_details.message_creation.message_id);
    partial.hasMessage = true;
    partial.text += (message?.content ?? []).map((part) => (part.type === 'text' ? part.text.value : '')).join('');
    if (isOpen) {
      partial.step = step;
      partial.message = message;
    } else if (message !== undefined) partial.endedMessages.push(message);
  }
  for (const index of functionCallsOf(partial).keys()) partial.functionPositions.set(index, index);
  return { completedSteps, partial };
};

/** The text and the calls that the deltas amount to. */
const completionOf = (deltas: ChatDelta[]) => {
  let text = '';
  const calls: { name: string; written: string }[] = [];
  for (const delta of deltas) {
    if (delta.type === 'text') text += delta.text;
    else if (delta.type === 'tool_call') calls[delta.index] = { name: delta.name, written: '' };
    else if (delta.type === 'arguments') {
      const call = calls[delta.index];
      if (call !== undefined) call.written += delta.arguments;
    }
  }
  return { text, calls };
};

const isPrefixOf = (partial: Turn, deltas: ChatDelta[]): boolean => {
  const whole = completionOf(deltas);
  const textFits =
    functionCallsOf(partial).length > 0 ? whole.text === partial.text : whole.text.startsWith(partial.text);
  return (
    textFits &&
    functionCallsOf(partial).every(({ function: { name, arguments: written } }, index) => {
      const call = whole.calls[index];
      return call?.name === name && call.written.startsWith(written);
    })
  );
};

/** The deltas that continue `partial`; undefined if the completion does not begin with it. */
export const remainingDeltas = (partial: Turn, deltas: ChatDelta[]): ChatDelta[] | undefined => {
  if (!isPrefixOf(partial, deltas)) return undefined;
  let knownText = partial.text.length;
  const knownArguments = functionCallsOf(partial).map((call) => call.function.arguments.length);
  const known = knownArguments.length;
  return deltas.flatMap((delta): ChatDelta[] => {
    if (delta.type === 'text') {
      const text = delta.text.slice(knownText);
      knownText = Math.max(0, knownText - delta.text.length);
      return text === '' ? [] : [{ ...delta, text }];
    }
    if (delta.type === 'tool_call') return delta.index < known ? [] : [delta];
    if (delta.type !== 'arguments') return [delta];
    const before = knownArguments[delta.index] ?? 0;
    knownArguments[delta.index] = Math.max(0, before - delta.arguments.length);
    const rest = delta.arguments.slice(before);
    return rest === '' ? [] : [{ ...delta, arguments: rest }];
  });
};

/**
 * Ends what a turn has written, so that the turn can start again: its messages become incomplete, those that were complete
 * included, since the completion that they were part of is not.
 */
export const abandonTurn = (
  { step, message, callStep, endedMessages, steps }: PartialTurn,
  transaction: RunTransaction,
): void => {
  const now = unixSeconds();
  for (const ended of [...endedMessages, ...(message ? [message] : [])]) {
    endMessage(transaction, ended, 'run_failed', now);
  }
  const error = {
    code: 'server_error' as const,
    message: 'The server stopped while this step was in progress. It is started again.',
  };
  for (const open of [step, callStep]) {
    if (open)
      transaction.recordStep('failed', { ...open, status: 'failed', failed_at: now, last_error: error, usage: null });
  }
  transaction.update({ progress: { ...transaction.record.progress, endedSteps: steps } });
};
