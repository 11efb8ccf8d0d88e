/** One event of a run, named as in the API's streams. `data` is its object. */
export interface NewRunEvent {
  event: string;
  data: unknown;
}

/** `json` is the serialized data of the event. */
export interface StoredRunEvent {
  sequence: number;
  event: string;
  json: string;
}

export interface RunEventReads {
  /** The first of the events numbered above `sequence`, in order, and whether there are more. */
  after(runId: string, sequence: number): Promise<{ events: StoredRunEvent[]; hasMore: boolean }>;
}

export interface RunEventWrites extends RunEventReads {
  /** The first of `events` gets the number `first`. The run has been written before, in the same transaction. */
  append(runId: string, first: number, events: NewRunEvent[]): Promise<void>;
}

export interface RunEventWorkerWrites extends RunEventWrites {
  /**
   * Removes the events of runs that ended at `endedUntil` or earlier, in milliseconds: those of the run that ended first,
   * oldest first, and at most `rows`. False if none are left.
   */
  prune(endedUntil: number, rows: number): Promise<boolean>;
}
