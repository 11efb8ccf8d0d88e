import type { RestFunctionCall, RestRunStep, RestToolCall } from '../../wire/runStep.ts';
import type { RunRecord, StoreReads } from '../store/store.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import type { RunTransaction } from './runTransaction.ts';
import { queueNextTurn, requireToolOutputs, withOutputs } from './toolOutputs.ts';
import { functionCallsOf, newTurn } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Maximum number of calls of one run at once. */
const maxConcurrentCalls = 16;

interface OpenCalls {
  callStep: RestRunStep;
  calls: RestToolCall[];
  /** Number of steps of the run. */
  stepCount: number;
}

const openCallsOf = async (reads: StoreReads, { run }: RunRecord): Promise<OpenCalls> => {
  const steps = await reads.steps.ofRun(run.id);
  const callStep = steps.find(({ type, status }) => type === 'tool_calls' && status === 'in_progress');
  if (callStep?.step_details.type !== 'tool_calls') throw new Error(`run ${run.id} has no step with open calls`);
  return { callStep, calls: callStep.step_details.tool_calls, stepCount: steps.length };
};

const isOpen = ({ function: { output } }: RestFunctionCall) => output === null;

/** Writes to the step of the open calls as it is stored now. Rejects as `writeToClaimedRun`. */
const writeToOpenCalls = (
  dependencies: WorkerDependencies,
  record: RunRecord,
  change: (transaction: RunTransaction, open: OpenCalls) => void,
) =>
  writeToClaimedRun(dependencies, record, newTurn(), async (transaction, reads) =>
    change(transaction, await openCallsOf(reads, record)),
  );

/** Calls one tool and stores its output in the step, which stays in progress. */
const runCall = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  { id, function: { name, arguments: written } }: RestFunctionCall,
  signal: AbortSignal,
) => {
  const { id: runId, thread_id: threadId, assistant_id: assistantId } = record.run;
  const call = { id, name, arguments: written, threadId, runId, assistantId };
  const outputs = new Map([[id, await dependencies.tools.call(call, signal)]]);
  await writeToOpenCalls(dependencies, record, (transaction, { callStep, calls }) =>
    transaction.updateStep({
      ...callStep,
      step_details: { type: 'tool_calls', tool_calls: withOutputs(calls, outputs) },
    }),
  );
};

/**
 * Makes the calls of a turn that the server runs and that have no output yet. Then the run is queued for its next turn,
 * or waits for the outputs of the other calls. Rejects with `LeaseLostError`, or with the reason of an aborted `signal`.
 */
export const runServerToolCalls = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  signal: AbortSignal,
): Promise<void> => {
  const waiting = functionCallsOf(await openCallsOf(dependencies.store, record)).filter(
    (call) => isOpen(call) && dependencies.tools.has(call.function.name),
  );
  const callNext = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      await runCall(dependencies, record, call, signal);
    }
  };
  await Promise.all(Array.from({ length: maxConcurrentCalls }, callNext));
  await writeToOpenCalls(dependencies, record, (transaction, { callStep, calls, stepCount }) => {
    const left = functionCallsOf({ calls }).filter(isOpen);
    if (left.length > 0) requireToolOutputs(transaction, left);
    else queueNextTurn(transaction, callStep, calls, stepCount);
  });
};
