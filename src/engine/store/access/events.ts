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
  /** Events numbered above `sequence`, in order. */
  after(runId: string, sequence: number, limit: number): Promise<StoredRunEvent[]>;
}

export interface RunEventWrites extends RunEventReads {
  /** The first of `events` gets the number `first`. */
  append(runId: string, first: number, events: NewRunEvent[]): Promise<void>;
}
