import type { RestToolCall } from '../../wire/runStep.ts';
import type { ToolOutcome } from '../tools/engineTool.ts';

/** The call with what it returned. Of another type than the outcome, the call as it is. */
export const withOutcome = (call: RestToolCall, outcome: ToolOutcome): RestToolCall => {
  if (call.type === 'file_search' && outcome.type === call.type) return { ...call, file_search: outcome.search };
  if (call.type !== 'code_interpreter' || outcome.type !== call.type) return call;
  return { ...call, code_interpreter: { ...call.code_interpreter, outputs: outcome.outputs } };
};

/** The delta that reports what the call at position `index` of its step returned. */
export const outcomeDelta = (index: number, outcome: ToolOutcome): object => {
  const { type } = outcome;
  if (type === 'file_search') return { index, type, file_search: outcome.search };
  return {
    index,
    type,
    code_interpreter: { outputs: outcome.outputs.map((output, at) => ({ index: at, ...output })) },
  };
};
