import type { RunRecord } from '../store/access/runs.ts';
import { StoreWriteError } from '../store/writeError.ts';
import { endAsCancelled } from './cancellation.ts';
import { LeaseLostError } from './claimedRun.ts';
import { lastErrorOf } from './lastError.ts';
import { endRun, openObjectsOf } from './runEnding.ts';
import { runTransactionOf } from './runTransaction.ts';
import { runTurn } from './runTurn.ts';
import { runServerToolCalls } from './serverToolCalls.ts';
import type { WorkerDependencies } from './workerDependencies.ts';

const fail = ({ store }: WorkerDependencies, { run, lease }: RunRecord, error: unknown) =>
  store.write(async (writes) => {
    const latest = await writes.runs.lock(run.id);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') return;
    const transaction = runTransactionOf(latest);
    endRun(transaction, { status: 'failed', error: lastErrorOf(error) }, await openObjectsOf(writes, latest));
    await transaction.save(writes);
  });

const cancelIfRequested = ({ store }: WorkerDependencies, { run, lease }: RunRecord) =>
  store.write(async (writes) => {
    const latest = await writes.runs.lock(run.id);
    if (latest?.lease === lease && latest?.run.status === 'cancelling') await endAsCancelled(writes, latest);
  });

/**
 * Makes the next model call of a claimed run, or the tool calls that the server runs. Aborting `signal` stops them;
 * callers that abort it have written the next status, or leave the run to the next worker. `onCall` is called each
 * time a model call begins, or if none is needed. Rejects with `StoreWriteError` if nothing can be written.
 */
export const executeTurn = async (
  dependencies: WorkerDependencies,
  record: RunRecord,
  signal: AbortSignal,
  onCall: () => void,
): Promise<void> => {
  if (record.run.status !== 'in_progress') return cancelIfRequested(dependencies, record);
  try {
    if (record.progress.hasServerCalls) {
      onCall();
      await runServerToolCalls(dependencies, record, signal);
    } else await runTurn(dependencies, record, signal, onCall);
  } catch (error) {
    // Nothing can be written now. The run is not at fault, and what it has written is continued by the next worker.
    if (error instanceof StoreWriteError) throw error;
    if (!signal.aborted && !(error instanceof LeaseLostError)) {
      dependencies.log(`run ${record.run.id} failed: ${String(error)}`);
      await fail(dependencies, record, error);
    }
    // Not after a turn that was written to its end: it has given up the lease.
    await cancelIfRequested(dependencies, record);
  }
};
