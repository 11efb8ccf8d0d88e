import type { RestRunStep } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import type { ChatDelta } from '../models/delta.ts';
import type { RunRecord, StoreReads } from '../store/store.ts';
import { endMessage } from './runEnding.ts';
import type { RunTransaction } from './runTransaction.ts';
import { newTurn, type Turn } from './turn.ts';
import { noUsage } from './usage.ts';

/** The steps of the completed turns, and the part of the next turn that a worker wrote before it died, if any. */
export interface TurnProgress {
  completedSteps: RestRunStep[];
  partial?: Turn;
}

/** A turn that requires tool outputs is completed once they are submitted; any other turn is the last one. */
export const turnProgressOf = async (reads: StoreReads, { run }: RunRecord): Promise<TurnProgress> => {
  const steps = await reads.steps.ofRun(run.id);
  const boundary = steps.findLastIndex(({ type, status }) => type === 'tool_calls' && status === 'completed') + 1;
  const completedSteps = steps.slice(0, boundary).filter(({ status }) => status === 'completed');
  const written = steps.slice(boundary).filter(({ status }) => status === 'completed' || status === 'in_progress');
  if (written.length === 0) return { completedSteps };

  const partial = newTurn();
  for (const step of written) {
    const isOpen = step.status === 'in_progress';
    if (isOpen) partial.step = step;
    if (step.step_details.type === 'tool_calls') {
      partial.calls = step.step_details.tool_calls.filter((call) => call.type === 'function');
      continue;
    }
    const message = await reads.messages.get(run.thread_id, step.step_details.message_creation.message_id);
    partial.text = (message?.content ?? []).map((part) => (part.type === 'text' ? part.text.value : '')).join('');
    if (isOpen) partial.message = message;
  }
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
  const textFits = partial.calls.length > 0 ? whole.text === partial.text : whole.text.startsWith(partial.text);
  return (
    textFits &&
    partial.calls.every(({ function: { name, arguments: written } }, index) => {
      const call = whole.calls[index];
      return call?.name === name && call.written.startsWith(written);
    })
  );
};

/** The deltas that continue `partial`; undefined if the completion does not begin with it. */
export const remainingDeltas = (partial: Turn, deltas: ChatDelta[]): ChatDelta[] | undefined => {
  if (!isPrefixOf(partial, deltas)) return undefined;
  let knownText = partial.text.length;
  const knownArguments = partial.calls.map((call) => call.function.arguments.length);
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

/** Ends the objects of a partial turn, so that the turn can start again. */
export const abandonTurn = ({ step, message }: Turn, transaction: RunTransaction): void => {
  const now = unixSeconds();
  if (message) endMessage(transaction, message, 'run_failed', now);
  if (step) {
    const error = {
      code: 'server_error' as const,
      message: 'The server stopped while this step was in progress. It is started again.',
    };
    transaction.recordStep('failed', { ...step, status: 'failed', failed_at: now, last_error: error, usage: noUsage });
  }
};
