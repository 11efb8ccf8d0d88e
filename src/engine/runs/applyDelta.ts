import type { ChatDelta } from '../models/delta.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { Turn } from './turn.ts';
import { beginFunctionCall, beginHostedCall, endHostedCall, writeArguments, writeCode } from './turnCalls.ts';
import { annotate, writeRefusal, writeText } from './turnMessage.ts';

/** Applies one delta of the completion to the turn and records the resulting changes. */
export const applyDelta = (turn: Turn, delta: ChatDelta, transaction: RunTransaction): void => {
  switch (delta.type) {
    case 'text':
      return writeText(turn, delta.text, transaction);
    case 'refusal':
      return writeRefusal(turn, delta.refusal, transaction);
    case 'annotation':
      return annotate(turn, delta.annotation, transaction);
    case 'tool_call':
      return beginFunctionCall(turn, delta.index, delta.name, transaction);
    case 'arguments':
      return writeArguments(turn, delta.index, delta.arguments, transaction);
    case 'hosted_call':
      return beginHostedCall(turn, delta.index, delta.tool, transaction);
    case 'code':
      return writeCode(turn, delta.index, delta.code, transaction);
    case 'hosted_result':
      return endHostedCall(turn, delta.index, delta.result, transaction);
    case 'finish':
      turn.finish = delta.reason;
      return;
    case 'usage':
      turn.usage = delta;
  }
};
