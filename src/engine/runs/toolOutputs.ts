import type { RestToolOutput } from '../../wire/run.ts';
import { unixSeconds } from '../clock.ts';
import { httpErrors } from '../httpErrors.ts';
import type { RunRecord, StoreWrites } from '../store/store.ts';
import { openObjectsOf } from './runEnding.ts';
import { runTransactionOf } from './runTransaction.ts';

/** The outputs by the id of their call. @throws {HttpError} 400 if they are not exactly one for each call */
const byCall = ({ run }: RunRecord, outputs: RestToolOutput[]): Map<string, string> => {
  const expected = (run.required_action?.submit_tool_outputs.tool_calls ?? []).map(({ id }) => id);
  const got = outputs.map((output) => output.tool_call_id ?? '');
  const given = new Map(outputs.map((output) => [output.tool_call_id ?? '', output.output ?? '']));
  if (got.length !== expected.length || !expected.every((id) => given.has(id))) {
    throw httpErrors.outputsIncomplete(expected, got);
  }
  return given;
};

/**
 * Stores the outputs of all calls of a run in `requires_action` and queues the run.
 * @throws {HttpError} 400
 */
export const acceptToolOutputs = async (
  writes: StoreWrites,
  record: RunRecord,
  outputs: RestToolOutput[],
): Promise<RunRecord> => {
  if (record.run.status !== 'requires_action') throw httpErrors.outputsNotExpected(record.run.status);
  const given = byCall(record, outputs);
  const { step } = await openObjectsOf(writes, record);
  const transaction = runTransactionOf(record);
  const { progress } = record;
  if (step?.step_details.type === 'tool_calls') {
    const calls = step.step_details.tool_calls.map((call) =>
      call.type === 'function' ? { ...call, function: { ...call.function, output: given.get(call.id) ?? null } } : call,
    );
    transaction.recordStep('completed', {
      ...step,
      status: 'completed',
      completed_at: unixSeconds(),
      step_details: { type: 'tool_calls', tool_calls: calls },
      usage: progress.pendingUsage,
    });
  }
  transaction.update({ claimAfter: Date.now(), progress: { ...progress, pendingUsage: null } });
  transaction.transition('queued');
  await transaction.save(writes);
  return transaction.record;
};
