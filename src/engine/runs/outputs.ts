import type { RestToolOutput } from '../../wire/run.ts';
import { unixSeconds } from '../clock.ts';
import { apiErrors } from '../errors.ts';
import type { RunRecord, StoreWrites } from '../store/store.ts';
import { openWorkOf } from './ending.ts';
import { openLedger } from './ledger.ts';

/** The outputs by the id of their call. @throws {ApiError} 400 unless each call has one, and none has two. */
const byCall = ({ run }: RunRecord, outputs: RestToolOutput[]): Map<string, string> => {
  const expected = (run.required_action?.submit_tool_outputs.tool_calls ?? []).map(({ id }) => id);
  const got = outputs.map((output) => output.tool_call_id ?? '');
  const given = new Map(outputs.map((output) => [output.tool_call_id ?? '', output.output ?? '']));
  if (got.length !== expected.length || !expected.every((id) => given.has(id))) {
    throw apiErrors.outputsIncomplete(expected, got);
  }
  return given;
};

/**
 * Gives a run that waits for them the outputs of all its calls, and queues it again.
 * @throws {ApiError} 400
 */
export const acceptOutputs = async (
  writes: StoreWrites,
  record: RunRecord,
  outputs: RestToolOutput[],
): Promise<RunRecord> => {
  if (record.run.status !== 'requires_action') throw apiErrors.outputsNotWanted(record.run.status);
  const given = byCall(record, outputs);
  const { step } = await openWorkOf(writes, record);
  const ledger = openLedger(record);
  const { progress } = record;
  if (step?.step_details.type === 'tool_calls') {
    const calls = step.step_details.tool_calls.map((call) =>
      call.type === 'function' ? { ...call, function: { ...call.function, output: given.get(call.id) ?? null } } : call,
    );
    ledger.step('completed', {
      ...step,
      status: 'completed',
      completed_at: unixSeconds(),
      step_details: { type: 'tool_calls', tool_calls: calls },
      usage: progress.pendingUsage,
    });
  }
  ledger.keep({ claimAfter: Date.now(), progress: { ...progress, pendingUsage: null } });
  ledger.run('queued');
  await ledger.save(writes);
  return ledger.record;
};
