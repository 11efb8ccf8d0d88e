import type { Model } from '../models/model.ts';
import type { RunRecord, Store } from '../store/store.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { Turn } from './turn.ts';

/** What a worker works with. */
export interface Workplace {
  store: Store;
  model: Model;
  log: (line: string) => void;
}

/** The run is no longer this worker's: it was cancelled, has expired, or its thread is gone. */
export class RunTakenError extends Error {
  override readonly name = 'RunTakenError';
}

/**
 * Writes to a run, and its open turn, as long as it is this worker's and in progress.
 * @throws {RunTakenError}
 */
export const writeTo = ({ store }: Workplace, { run, lease }: RunRecord, turn: Turn, enter: (ledger: Ledger) => void) =>
  store.write(async (writes) => {
    const latest = await writes.runs.find(run.id);
    if (latest?.lease !== lease || latest?.run.status !== 'in_progress') throw new RunTakenError();
    if (turn.message !== undefined) {
      // Clients may change the metadata of a message while it is written.
      const stored = await writes.messages.get(run.thread_id, turn.message.id);
      turn.message = { ...turn.message, metadata: stored?.metadata ?? turn.message.metadata };
    }
    const ledger = openLedger(latest);
    enter(ledger);
    await ledger.save(writes);
  });
