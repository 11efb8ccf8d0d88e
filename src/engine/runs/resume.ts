import type { RestRunStep } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import type { ChatDelta } from '../models/delta.ts';
import type { RunRecord, StoreReads } from '../store/store.ts';
import { endMessage } from './ending.ts';
import type { Ledger } from './ledger.ts';
import { newTurn, type Turn } from './turn.ts';
import { noUsage } from './usage.ts';

/** The steps of the turns that are done, and what a worker that died had written of the next one, if it had. */
export interface Progress {
  done: RestRunStep[];
  half?: Turn;
}

/** A turn that asks for outputs is done once they are there; one that doesn't is the last. */
export const progressOf = async (reads: StoreReads, { run }: RunRecord): Promise<Progress> => {
  const steps = await reads.steps.ofRun(run.id);
  const boundary = steps.findLastIndex(({ type, status }) => type === 'tool_calls' && status === 'completed') + 1;
  const done = steps.slice(0, boundary).filter(({ status }) => status === 'completed');
  const written = steps.slice(boundary).filter(({ status }) => status === 'completed' || status === 'in_progress');
  if (written.length === 0) return { done };

  const half = newTurn();
  for (const step of written) {
    const isOpen = step.status === 'in_progress';
    if (isOpen) half.step = step;
    if (step.step_details.type === 'tool_calls') {
      half.calls = step.step_details.tool_calls.filter((call) => call.type === 'function');
      continue;
    }
    const message = await reads.messages.get(run.thread_id, step.step_details.message_creation.message_id);
    half.text = (message?.content ?? []).map((part) => (part.type === 'text' ? part.text.value : '')).join('');
    if (isOpen) half.message = message;
  }
  return { done, half };
};

/** The whole answer that the deltas write. */
const summed = (deltas: ChatDelta[]) => {
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

const isBeginningOf = (half: Turn, deltas: ChatDelta[]): boolean => {
  const whole = summed(deltas);
  const textFits = half.calls.length > 0 ? whole.text === half.text : whole.text.startsWith(half.text);
  return (
    textFits &&
    half.calls.every(({ function: { name, arguments: written } }, index) => {
      const call = whole.calls[index];
      return call?.name === name && call.written.startsWith(written);
    })
  );
};

/** What of a new answer is still to be written after `half`; undefined where the model now answers something else. */
export const continuationOf = (half: Turn, deltas: ChatDelta[]): ChatDelta[] | undefined => {
  if (!isBeginningOf(half, deltas)) return undefined;
  let textKnown = half.text.length;
  const argumentsKnown = half.calls.map((call) => call.function.arguments.length);
  const known = argumentsKnown.length;
  return deltas.flatMap((delta): ChatDelta[] => {
    if (delta.type === 'text') {
      const text = delta.text.slice(textKnown);
      textKnown = Math.max(0, textKnown - delta.text.length);
      return text === '' ? [] : [{ ...delta, text }];
    }
    if (delta.type === 'tool_call') return delta.index < known ? [] : [delta];
    if (delta.type !== 'arguments') return [delta];
    const before = argumentsKnown[delta.index] ?? 0;
    argumentsKnown[delta.index] = Math.max(0, before - delta.arguments.length);
    const rest = delta.arguments.slice(before);
    return rest === '' ? [] : [{ ...delta, arguments: rest }];
  });
};

/** Closes what was half written, so that the answer can begin anew. */
export const abandon = ({ step, message }: Turn, ledger: Ledger): void => {
  const now = unixSeconds();
  if (message) endMessage(ledger, message, 'run_failed', now);
  if (step) {
    const error = {
      code: 'server_error' as const,
      message: 'The server stopped while this was written; it begins anew.',
    };
    ledger.step('failed', { ...step, status: 'failed', failed_at: now, last_error: error, usage: noUsage });
  }
};
