import type { RestFunctionCall, RestRunStep, RestToolCall } from '../../wire/runStep.ts';
import type { EngineCall } from '../store/access/engineCalls.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';
import { writeToClaimedRun } from './claimedRun.ts';
import { engineToolResult, storeEngineToolResult } from './engineToolCall.ts';
import type { RunTransaction } from './runTransaction.ts';
import { endCalls, requireToolOutputs, withOutputs } from './toolOutputs.ts';
import { functionCallsOf } from './turn.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

/** Maximum number of calls of one run at once. */
const maxConcurrentCalls = 16;

interface OpenCalls {
  callStep: RestRunStep;
  calls: RestToolCall[];
  /** The calls of the engine's own tools that have not been run. */
  engineCalls: EngineCall[];
  /** Number of steps of the run. */
  stepCount: number;
}

const openCallsOf = async (reads: StoreReads, { run }: RunRecord): Promise<OpenCalls> => {
  const steps = await reads.steps.ofRun(run.id);
  const callStep = steps.find(({ type, status }) => type === 'tool_calls' && status === 'in_progress');
  if (callStep?.step_details.type !== 'tool_calls') throw new Error(`run ${run.id} has no step with open calls`);
  const engineCalls = (await reads.engineCalls.ofRun(run.id)).filter(({ output }) => output === null);
  return { callStep, calls: callStep.step_details.tool_calls, engineCalls, stepCount: steps.length };
};

const isOpen = ({ function: { output } }: RestFunctionCall) => output === null;

/** Writes to the step of the open calls as it is stored now. Rejects as `writeToClaimedRun`. */
const writeToOpenCalls = (
  dependencies: WorkerDependencies,
  record: RunRecord,
  change: (transaction: RunTransaction, open: OpenCalls) => void,
) =>
  writeToClaimedRun(dependencies, record, async (transaction, reads) =>
    change(transaction, await openCallsOf(reads, record)),
  );

/** Calls one function and stores its output in the step, which stays in progress. */
const runFunction = async (
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

/** The calls that the server has to run, in their order. */
const waitingCalls = (
  dependencies: WorkerDependencies,
  record: RunRecord,
  { calls, engineCalls }: OpenCalls,
  signal: AbortSignal,
): (() => Promise<void>)[] =>
  calls.flatMap((call) => {
    if (call.type === 'function') {
      if (!isOpen(call) || !dependencies.tools.has(call.function.name)) return [];
      return () => runFunction(dependencies, record, call, signal);
    }
    const stored = engineCalls.find(({ id }) => id === call.id);
    if (stored === undefined) return [];
    return async () => {
      const result = await engineToolResult(dependencies, record, { call, stored }, signal);
      await writeToOpenCalls(dependencies, record, (transaction, { callStep, calls: latest }) =>
        storeEngineToolResult(transaction, { callStep, calls: latest, stored }, result),
      );
    };
  });

/**
 * Makes the calls of a turn that the server runs and that have no output yet: those of webhooks and of the engine's own
 * tools. Then the run gets its next turn, or waits for the outputs of the other calls. If a call rejects, the others are
 * ended. Rejects with `LeaseLostError` or `StoreWriteError`, or with the reason of an aborted `signal`.
 */
export const runServerToolCalls = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  signal: AbortSignal,
): Promise<void> => {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const waiting = waitingCalls(dependencies, record, await openCallsOf(dependencies.store, record), either);
  const callNext = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) await call();
  };
  const calling = Array.from({ length: maxConcurrentCalls }, async () => {
    await callNext().catch((error: unknown) => {
      waiting.length = 0;
      failed.abort(error);
    });
  });
  await Promise.all(calling);
  failed.signal.throwIfAborted();
  await writeToOpenCalls(dependencies, record, (transaction, { callStep, calls, stepCount }) => {
    const functions = functionCallsOf({ calls });
    const left = functions.filter(isOpen);
    if (left.length > 0) return requireToolOutputs(transaction, left);
    endCalls(transaction, callStep, calls, stepCount);
    // The API reports a submission as `queued`. Its own tools are part of the run, which stays in progress.
    if (functions.length > 0) transaction.transition('queued');
  });
};
