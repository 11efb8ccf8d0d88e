import type { RestToolCall } from '../../wire/runStep.ts';
import { newId } from '../ids.ts';
import { CodeReader, codeIn } from '../tools/codeArgument.ts';
import type { EngineToolType } from '../tools/engineTool.ts';
import { addCall, saveCalls } from './callStep.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { Turn } from './turn.ts';

/** A call without a result. */
export const emptyCall = (type: EngineToolType): RestToolCall =>
  type === 'file_search'
    ? { id: newId('call'), type, file_search: {} }
    : { id: newId('call'), type, code_interpreter: { input: '', outputs: [] } };

/** Begins a call of one of the engine's own tools. Returns its position in the step. */
export const beginEngineCall = (
  turn: Turn,
  { name, type }: { name: string; type: EngineToolType },
  transaction: RunTransaction,
): number => {
  const position = addCall(turn, emptyCall(type), transaction);
  turn.engineCalls.set(position, { name, written: new CodeReader() });
  return position;
};

/** Adds code to the call of the code interpreter at `position`. Has no effect if there is no such call. */
export const addCode = (turn: Turn, position: number, code: string, transaction: RunTransaction) => {
  const call = turn.calls[position];
  if (call?.type !== 'code_interpreter' || code === '') return;
  const { code_interpreter: interpreter } = call;
  turn.calls[position] = { ...call, code_interpreter: { ...interpreter, input: interpreter.input + code } };
  saveCalls(turn, transaction, { index: position, type: call.type, code_interpreter: { input: code } });
};

/** Adds arguments to the call at `position`. Code is streamed as it is written. */
export const writeEngineArguments = (
  turn: Turn,
  position: number,
  written: string,
  transaction: RunTransaction,
): void => addCode(turn, position, turn.engineCalls.get(position)?.written.push(written) ?? '', transaction);

/** Stores the calls of a turn that has ended, for the worker to run. */
export const storeEngineCalls = (turn: Turn, transaction: RunTransaction): void => {
  for (const [position, { name, written }] of turn.engineCalls) {
    const call = turn.calls[position];
    if (call === undefined) continue;
    if (call.type === 'code_interpreter') {
      // Code that is not the first member, or no JSON at all, is streamed only now.
      const code = codeIn(written.written) ?? '';
      const { input } = call.code_interpreter;
      if (code.startsWith(input)) addCode(turn, position, code.slice(input.length), transaction);
    }
    transaction.addEngineCall({
      id: call.id,
      runId: transaction.record.run.id,
      name,
      arguments: written.written,
      output: null,
      citations: [],
      images: [],
    });
  }
};
