import type { RestFileSearchResult } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { FileSearchResult, HostedResult } from '../models/delta.ts';
import type { ToolOutcome } from '../tools/engineTool.ts';
import { outcomeDelta, withOutcome } from './callOutcome.ts';
import { addCall, saveCalls } from './callStep.ts';
import { addCode, beginEngineCall, emptyCall, writeEngineArguments } from './engineTurnCalls.ts';
import type { RunTransaction } from './runTransaction.ts';
import { functionCallsOf, type Turn } from './turn.ts';
import { noUsage } from './usage.ts';

export const beginFunctionCall = (turn: Turn, index: number, name: string, transaction: RunTransaction): void => {
  // Some models make more than one call even if parallel calls are disabled.
  const hasCalls = functionCallsOf(turn).length > 0 || turn.engineCalls.size > 0;
  if (hasCalls && !transaction.record.run.parallel_tool_calls) return;
  const type = turn.tools.types.get(name);
  if (type !== undefined) {
    turn.functionPositions.set(index, beginEngineCall(turn, { name, type }, transaction));
    return;
  }
  const call = { id: newId('call'), type: 'function', function: { name, arguments: '', output: null } } as const;
  turn.functionPositions.set(index, addCall(turn, call, transaction));
};

export const writeArguments = (turn: Turn, index: number, written: string, transaction: RunTransaction): void => {
  const position = turn.functionPositions.get(index) ?? -1;
  const call = turn.calls[position];
  if (turn.engineCalls.has(position)) writeEngineArguments(turn, position, written, transaction);
  if (call?.type !== 'function') return;
  const { function: called } = call;
  turn.calls[position] = { ...call, function: { ...called, arguments: called.arguments + written } };
  saveCalls(turn, transaction, { index: position, type: 'function', function: { arguments: written } });
};

export const beginHostedCall = (
  turn: Turn,
  index: number,
  tool: HostedResult['type'],
  transaction: RunTransaction,
): void => {
  turn.hostedPositions.set(index, addCall(turn, emptyCall(tool), transaction));
};

export const writeCode = (turn: Turn, index: number, code: string, transaction: RunTransaction): void =>
  addCode(turn, turn.hostedPositions.get(index) ?? -1, code, transaction);

const searchResultOf = ({ fileId, fileName, score, text }: FileSearchResult): RestFileSearchResult => ({
  file_id: fileId,
  file_name: fileName,
  score,
  ...(text !== null && { content: [{ type: 'text', text }] }),
});

const outcomeOf = (result: HostedResult): ToolOutcome => {
  if (result.type === 'file_search') {
    return {
      type: result.type,
      search: result.results === null ? {} : { results: result.results.map(searchResultOf) },
    };
  }
  // The API names images by file id. An image of a container that the engine can't keep is named by its URL.
  const outputs = result.outputs.map((output) => ({
    type: 'logs' as const,
    logs: output.type === 'logs' ? output.logs : `image: ${output.url}`,
  }));
  return { type: result.type, outputs };
};

/** Stores the result of a hosted call. The step is completed once all its calls have one, unless there are others to be run. */
export const endHostedCall = (turn: Turn, index: number, result: HostedResult, transaction: RunTransaction): void => {
  const position = turn.hostedPositions.get(index) ?? -1;
  const call = turn.calls[position];
  if (call?.type !== result.type) return;
  const outcome = outcomeOf(result);
  turn.calls[position] = withOutcome(call, outcome);
  turn.hostedPositions.delete(index);
  saveCalls(turn, transaction, outcomeDelta(position, outcome));
  const isWaiting = turn.hostedPositions.size > 0 || turn.engineCalls.size > 0 || functionCallsOf(turn).length > 0;
  if (isWaiting || turn.callStep === undefined) return;
  const completed = { ...turn.callStep, status: 'completed', completed_at: unixSeconds(), usage: noUsage } as const;
  transaction.recordStep('completed', completed);
  turn.callStep = undefined;
  turn.calls = [];
};
