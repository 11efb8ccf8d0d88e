import type { RestToolCall } from '../../wire/runStep.ts';
import type { RunTransaction } from './runTransaction.ts';
import { begunStep, type Turn } from './turn.ts';
import { endText } from './turnMessage.ts';

/** Emits what is added to one call of a step. */
export const emitCallDelta = (transaction: RunTransaction, stepId: string, delta: object): void =>
  transaction.emit('thread.run.step.delta', {
    id: stepId,
    object: 'thread.run.step.delta',
    delta: { step_details: { type: 'tool_calls', tool_calls: [delta] } },
  });

/** Stores the calls of the open step, and emits the delta of one call. */
export const saveCalls = (turn: Turn, transaction: RunTransaction, delta: object): void => {
  if (turn.callStep === undefined) return;
  turn.callStep = { ...turn.callStep, step_details: { type: 'tool_calls', tool_calls: [...turn.calls] } };
  transaction.updateStep(turn.callStep);
  emitCallDelta(transaction, turn.callStep.id, delta);
};

/** Adds a call to the open `tool_calls` step, or to a new one. Returns its position. */
export const addCall = (turn: Turn, call: RestToolCall, transaction: RunTransaction): number => {
  endText(turn, transaction);
  turn.callStep ??= begunStep(transaction, { type: 'tool_calls', tool_calls: [] });
  const index = turn.calls.push(call) - 1;
  saveCalls(turn, transaction, { index, ...call });
  return index;
};
