import type { RestMessage } from '../../wire/message.ts';
import type { RestRunToolCall } from '../../wire/run.ts';
import type { RestFunctionCall, RestRunStep, RestStepDetails } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { ChatDelta, ChatFinishReason } from '../models/delta.ts';
import type { OpenWork } from './ending.ts';
import { endMessage } from './ending.ts';
import type { Ledger } from './ledger.ts';
import { noUsage } from './usage.ts';

/** What one answer of the model has come to so far. */
export interface Turn extends OpenWork {
  text: string;
  calls: RestFunctionCall[];
  finish: ChatFinishReason;
  /** As the model counted them. */
  tokens?: { prompt: number; completion: number };
}

export const newTurn = (): Turn => ({ text: '', calls: [], finish: 'stop' });

const newStep = (ledger: Ledger, details: RestStepDetails): RestRunStep => ({
  id: newId('step'),
  object: 'thread.run.step',
  created_at: unixSeconds(),
  run_id: ledger.record.run.id,
  assistant_id: ledger.record.run.assistant_id,
  thread_id: ledger.record.run.thread_id,
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

const beginStep = (turn: Turn, ledger: Ledger, details: RestStepDetails) => {
  turn.step = newStep(ledger, details);
  ledger.step('created', turn.step);
  ledger.step('in_progress', turn.step);
};

const newMessage = ({ record: { run } }: Ledger): RestMessage => ({
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

/** Begins the message of a turn, and the step that makes it. */
export const beginMessage = (turn: Turn, ledger: Ledger): RestMessage => {
  const message = newMessage(ledger);
  turn.message = message;
  beginStep(turn, ledger, { type: 'message_creation', message_creation: { message_id: message.id } });
  ledger.message('created', message);
  ledger.message('in_progress', message);
  return message;
};

const withText = (message: RestMessage, text: string): RestMessage => ({
  ...message,
  content: [{ type: 'text', text: { value: text, annotations: [] } }],
});

const writeText = (turn: Turn, text: string, ledger: Ledger) => {
  // Models write their text before their calls. What one adds later would need a second message in the same answer,
  // which Chat Completions has no words for when the conversation is told again.
  if (turn.calls.length > 0) return;
  const first = turn.message === undefined;
  const message = turn.message ?? beginMessage(turn, ledger);
  turn.text += text;
  turn.message = withText(message, turn.text);
  ledger.keepMessage(turn.message);
  ledger.tell('thread.message.delta', {
    id: message.id,
    object: 'thread.message.delta',
    delta: { content: [{ index: 0, type: 'text', text: { value: text, ...(first && { annotations: [] }) } }] },
  });
};

/** A message that comes before calls is done once they begin. The turn's usage is then that of the calls' step. */
const endText = (turn: Turn, ledger: Ledger) => {
  const { message, step } = turn;
  if (message === undefined || step === undefined) return;
  const now = unixSeconds();
  endMessage(ledger, message, undefined, now);
  ledger.step('completed', { ...step, status: 'completed', completed_at: now, usage: noUsage });
  turn.message = undefined;
  turn.step = undefined;
};

const tellCall = (turn: Turn, ledger: Ledger, call: object) => {
  if (turn.step === undefined) return;
  turn.step = { ...turn.step, step_details: { type: 'tool_calls', tool_calls: [...turn.calls] } };
  ledger.keepStep(turn.step);
  ledger.tell('thread.run.step.delta', {
    id: turn.step.id,
    object: 'thread.run.step.delta',
    delta: { step_details: { type: 'tool_calls', tool_calls: [call] } },
  });
};

const beginCall = (turn: Turn, name: string, ledger: Ledger) => {
  if (turn.calls.length === 0) {
    endText(turn, ledger);
    beginStep(turn, ledger, { type: 'tool_calls', tool_calls: [] });
  }
  const call: RestFunctionCall = {
    id: newId('call'),
    type: 'function',
    function: { name, arguments: '', output: null },
  };
  const index = turn.calls.push(call) - 1;
  tellCall(turn, ledger, { index, ...call });
};

const writeArguments = (turn: Turn, index: number, written: string, ledger: Ledger) => {
  const call = turn.calls[index];
  if (call === undefined) return;
  const { function: called } = call;
  turn.calls[index] = { ...call, function: { ...called, arguments: called.arguments + written } };
  tellCall(turn, ledger, { index, type: 'function', function: { arguments: written } });
};

/** Takes one more piece of the model's answer into the turn, and enters what comes of it. */
export const writeDelta = (turn: Turn, delta: ChatDelta, ledger: Ledger): void => {
  switch (delta.type) {
    case 'text':
      return writeText(turn, delta.text, ledger);
    case 'tool_call':
      // A model that was asked for one call at a time may answer with more all the same.
      if (turn.calls.length > 0 && !ledger.record.run.parallel_tool_calls) return;
      return beginCall(turn, delta.name, ledger);
    case 'arguments':
      return writeArguments(turn, delta.index, delta.arguments, ledger);
    case 'finish':
      turn.finish = delta.reason;
      return;
    case 'usage':
      turn.tokens = { prompt: delta.promptTokens, completion: delta.completionTokens };
  }
};

/** The calls of a turn as `required_action` lists them. */
export const requiredCalls = ({ calls }: Turn): RestRunToolCall[] =>
  calls.map(({ id, type, function: { name, arguments: written } }) => ({
    id,
    type,
    function: { name, arguments: written },
  }));
