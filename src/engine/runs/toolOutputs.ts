import type { RestToolOutput } from '../../wire/run.ts';
import type { RestFunctionCall, RestRunStep, RestToolCall } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import { httpErrors } from '../httpErrors.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import { type RunTransaction, runTransactionOf } from './runTransaction.ts';
import { requiredToolCalls } from './turn.ts';

/** The outputs by the id of their call. @throws {HttpError} 400 if they are not exactly one for each call that the run waits for */
const byCall = ({ run }: RunRecord, outputs: RestToolOutput[]): Map<string, string> => {
  const expected = (run.required_action?.submit_tool_outputs.tool_calls ?? []).map(({ id }) => id);
  const got = outputs.map((output) => output.tool_call_id ?? '');
  const given = new Map(outputs.map((output) => [output.tool_call_id ?? '', output.output ?? '']));
  if (got.length !== expected.length || !expected.every((id) => given.has(id))) {
    throw httpErrors.outputsIncomplete(expected, got);
  }
  return given;
};

/** The calls with the outputs, by call id, that are given for them. */
export const withOutputs = (calls: readonly RestToolCall[], outputs: ReadonlyMap<string, string>): RestToolCall[] =>
  calls.map((call) =>
    call.type === 'function'
      ? { ...call, function: { ...call.function, output: outputs.get(call.id) ?? call.function.output } }
      : call,
  );

/** Lets the run wait for the outputs of `calls`, which clients submit. It needs no worker until then. */
export const requireToolOutputs = (transaction: RunTransaction, calls: readonly RestFunctionCall[]): void => {
  const { progress } = transaction.record;
  transaction.update({ claimAfter: null, lease: null, progress: { ...progress, hasServerCalls: false } });
  transaction.transition('requires_action', {
    required_action: { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: requiredToolCalls(calls) } },
  });
};

/** Completes the step of `calls`, which all have outputs, and lets a worker claim the run. `stepCount` is that of the run. */
export const endCalls = (
  transaction: RunTransaction,
  callStep: RestRunStep,
  calls: RestToolCall[],
  stepCount: number,
): void => {
  const { progress } = transaction.record;
  transaction.recordStep('completed', {
    ...callStep,
    status: 'completed',
    completed_at: unixSeconds(),
    step_details: { type: 'tool_calls', tool_calls: calls },
    usage: progress.pendingUsage,
  });
  transaction.update({
    claimAfter: Date.now(),
    lease: null,
    progress: { ...progress, pendingUsage: null, endedSteps: stepCount, hasServerCalls: false },
  });
};

/**
 * Stores the outputs that a run in `requires_action` waits for and queues the run.
 * @throws {HttpError} 400
 */
export const acceptToolOutputs = async (
  writes: StoreWrites,
  record: RunRecord,
  outputs: RestToolOutput[],
): Promise<RunRecord> => {
  if (record.run.status !== 'requires_action') throw httpErrors.outputsNotExpected(record.run.status);
  const given = byCall(record, outputs);
  const steps = await writes.steps.ofRun(record.run.id);
  const callStep = steps.find(({ type, status }) => type === 'tool_calls' && status === 'in_progress');
  const transaction = runTransactionOf(record);
  if (callStep?.step_details.type !== 'tool_calls') throw new Error(`run ${record.run.id} has no step with open calls`);
  endCalls(transaction, callStep, withOutputs(callStep.step_details.tool_calls, given), steps.length);
  transaction.transition('queued');
  await transaction.save(writes);
  return transaction.record;
};
