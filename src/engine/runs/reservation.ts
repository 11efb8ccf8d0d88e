import type { RunRecord } from '../store/access/runs.ts';
import type { WatchedRun } from './claim.ts';
import type { RunTransaction } from './runTransaction.ts';
import type { RunWatch } from './runWatch.ts';

/** The right to execute a run that is being created, without a claim of its own. `execute` or `release` has to be called. */
export interface Reservation {
  /** Changes the new run to one that this worker holds, within the transaction that creates it. */
  claim(transaction: RunTransaction): void;
  /** Executes the run, once it is committed. */
  execute(record: RunRecord): void;
  /** Gives up the reservation. */
  release(): void;
}

/** What a worker does for a reservation. */
export interface ReservationActions {
  /** Claims the run, and watches it. */
  claim: (transaction: RunTransaction) => RunWatch;
  /** Called once, before the run begins or if it does not. */
  release: () => void;
  begin: (run: WatchedRun) => void;
}

export const createReservation = (worker: ReservationActions): Reservation => {
  let isHeld = true;
  let watch: RunWatch | undefined;
  const release = () => {
    if (isHeld) worker.release();
    isHeld = false;
    watch?.close();
    watch = undefined;
  };
  return {
    claim: (transaction) => {
      watch = worker.claim(transaction);
    },
    execute: (record) => {
      const claimed = watch && { record, watch };
      watch = undefined; // The worker closes it.
      release();
      if (claimed !== undefined) worker.begin(claimed);
    },
    release,
  };
};
