import type { RestRunStep, RestToolCall } from '../../wire/runStep.ts';
import type { EngineCall } from '../store/access/engineCalls.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { EngineToolResult } from '../tools/engineTool.ts';
import { outcomeDelta, withOutcome } from './callOutcome.ts';
import { emitCallDelta } from './callStep.ts';
import { tenantStoreOf } from './ownTools.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

type OwnToolCall = Exclude<RestToolCall, { type: 'function' }>;

/** A result that says why there is none, to the model and in the step. */
const failed = ({ type }: OwnToolCall, output: string): EngineToolResult =>
  type === 'file_search' ? { type, output, search: {} } : { type, output, outputs: [{ type: 'logs', logs: output }] };

/** Runs a call of one of the engine's own tools. Rejects only with the reason of an aborted `signal`. */
export const engineToolResult = async (
  dependencies: WorkerDependencies,
  { run }: RunRecord,
  { call, stored }: { call: OwnToolCall; stored: EngineCall },
  signal: AbortSignal,
): Promise<EngineToolResult> => {
  const tool = dependencies.engineTools.get(call.type);
  if (tool === undefined) return failed(call, `The tool failed: this server has no ${call.type} any more.`);
  try {
    const store = await tenantStoreOf(dependencies, run);
    return await tool.call({ id: call.id, arguments: stored.arguments, run, store }, signal);
  } catch (error) {
    signal.throwIfAborted();
    dependencies.log(`the tool ${call.type} failed, call ${call.id}: ${String(error)}`);
    return failed(call, 'The tool failed.');
  }
};

/** Stores what a call returned: in its step, which stays in progress, and for the model. */
export const storeEngineToolResult = (
  transaction: RunTransaction,
  { callStep, calls, stored }: { callStep: RestRunStep; calls: readonly RestToolCall[]; stored: EngineCall },
  result: EngineToolResult,
): void => {
  const position = calls.findIndex(({ id }) => id === stored.id);
  const { output, citations = [], images = [] } = result;
  transaction.endEngineCall({ ...stored, output, citations, images });
  transaction.updateStep({
    ...callStep,
    step_details: {
      type: 'tool_calls',
      tool_calls: calls.map((call, index) => (index === position ? withOutcome(call, result) : call)),
    },
  });
  emitCallDelta(transaction, callStep.id, outcomeDelta(position, result));
};
