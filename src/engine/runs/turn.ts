import type { RestMessage } from '../../wire/message.ts';
import type { RestRunToolCall } from '../../wire/run.ts';
import type { RestFunctionCall, RestRunStep, RestStepDetails } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { ChatDelta, ChatFinishReason } from '../models/delta.ts';
import type { OpenObjects } from './runEnding.ts';
import { endMessage } from './runEnding.ts';
import type { RunTransaction } from './runTransaction.ts';
import { noUsage } from './usage.ts';

/** One model call within a run, and what it has produced so far. */
export interface Turn extends OpenObjects {
  text: string;
  calls: RestFunctionCall[];
  finish: ChatFinishReason;
  /** As the model reported them. */
  tokens?: { prompt: number; completion: number };
}

export const newTurn = (): Turn => ({ text: '', calls: [], finish: 'stop' });

const newStep = (transaction: RunTransaction, details: RestStepDetails): RestRunStep => ({
  id: newId('step'),
  object: 'thread.run.step',
  created_at: unixSeconds(),
  run_id: transaction.record.run.id,
  assistant_id: transaction.record.run.assistant_id,
  thread_id: transaction.record.run.thread_id,
  type: details.type,
  status: 'in_progress',
  step_details: details,
  last_error: null,
  expired_at: null,
  cancelled_at: null,
  failed_at: null,
  completed_at: null,
  metadata: {},
  usage: null,
});

const beginStep = (turn: Turn, transaction: RunTransaction, details: RestStepDetails) => {
  turn.step = newStep(transaction, details);
  transaction.recordStep('created', turn.step);
  transaction.recordStep('in_progress', turn.step);
};

const newMessage = ({ record: { run } }: RunTransaction): RestMessage => ({
  id: newId('msg'),
  object: 'thread.message',
  created_at: unixSeconds(),
  thread_id: run.thread_id,
  status: 'in_progress',
  incomplete_details: null,
  completed_at: null,
  incomplete_at: null,
  role: 'assistant',
  content: [],
  assistant_id: run.assistant_id,
  run_id: run.id,
  attachments: [],
  metadata: {},
});

/** Begins the message of a turn and the step that creates it. */
export const beginMessage = (turn: Turn, transaction: RunTransaction): RestMessage => {
  const message = newMessage(transaction);
  turn.message = message;
  beginStep(turn, transaction, { type: 'message_creation', message_creation: { message_id: message.id } });
  transaction.recordMessage('created', message);
  transaction.recordMessage('in_progress', message);
  return message;
};

const withText = (message: RestMessage, text: string): RestMessage => ({
  ...message,
  content: [{ type: 'text', text: { value: text, annotations: [] } }],
});

const writeText = (turn: Turn, text: string, transaction: RunTransaction) => {
  // Models write text before calls. Text after them would need a second message in the same completion, which the
  // prompt of the next turn could not express.
  if (turn.calls.length > 0) return;
  const first = turn.message === undefined;
  const message = turn.message ?? beginMessage(turn, transaction);
  turn.text += text;
  turn.message = withText(message, turn.text);
  transaction.updateMessage(turn.message);
  transaction.emit('thread.message.delta', {
    id: message.id,
    object: 'thread.message.delta',
    delta: { content: [{ index: 0, type: 'text', text: { value: text, ...(first && { annotations: [] }) } }] },
  });
};

/** Completes the message that precedes calls when the first call begins. The usage is then that of the calls' step. */
const endText = (turn: Turn, transaction: RunTransaction) => {
  const { message, step } = turn;
  if (message === undefined || step === undefined) return;
  const now = unixSeconds();
  endMessage(transaction, message, undefined, now);
  transaction.recordStep('completed', { ...step, status: 'completed', completed_at: now, usage: noUsage });
  turn.message = undefined;
  turn.step = undefined;
};

const emitCall = (turn: Turn, transaction: RunTransaction, call: object) => {
  if (turn.step === undefined) return;
  turn.step = { ...turn.step, step_details: { type: 'tool_calls', tool_calls: [...turn.calls] } };
  transaction.updateStep(turn.step);
  transaction.emit('thread.run.step.delta', {
    id: turn.step.id,
    object: 'thread.run.step.delta',
    delta: { step_details: { type: 'tool_calls', tool_calls: [call] } },
  });
};

const beginCall = (turn: Turn, name: string, transaction: RunTransaction) => {
  if (turn.calls.length === 0) {
    endText(turn, transaction);
    beginStep(turn, transaction, { type: 'tool_calls', tool_calls: [] });
  }
  const call: RestFunctionCall = {
    id: newId('call'),
    type: 'function',
    function: { name, arguments: '', output: null },
  };
  const index = turn.calls.push(call) - 1;
  emitCall(turn, transaction, { index, ...call });
};

const writeArguments = (turn: Turn, index: number, written: string, transaction: RunTransaction) => {
  const call = turn.calls[index];
  if (call === undefined) return;
  const { function: called } = call;
  turn.calls[index] = { ...call, function: { ...called, arguments: called.arguments + written } };
  emitCall(turn, transaction, { index, type: 'function', function: { arguments: written } });
};

/** Applies one delta of the completion to the turn and records the resulting changes. */
export const applyDelta = (turn: Turn, delta: ChatDelta, transaction: RunTransaction): void => {
  switch (delta.type) {
    case 'text':
      return writeText(turn, delta.text, transaction);
    case 'tool_call':
      // Some models make more than one call even if parallel calls are disabled.
      if (turn.calls.length > 0 && !transaction.record.run.parallel_tool_calls) return;
      return beginCall(turn, delta.name, transaction);
    case 'arguments':
      return writeArguments(turn, delta.index, delta.arguments, transaction);
    case 'finish':
      turn.finish = delta.reason;
      return;
    case 'usage':
      turn.tokens = { prompt: delta.promptTokens, completion: delta.completionTokens };
  }
};

/** The calls of a turn in the form of `required_action`. */
export const requiredToolCalls = ({ calls }: Turn): RestRunToolCall[] =>
  calls.map(({ id, type, function: { name, arguments: written } }) => ({
    id,
    type,
    function: { name, arguments: written },
  }));
