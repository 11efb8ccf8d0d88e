/** What one execution may use. */
export interface Bounds {
  /** Bytes of the data that it writes, including what an error replaces by null later. */
  readonly maxBytes?: number | undefined;
  /** Items of all its lists together. */
  readonly maxItems?: number | undefined;
  /** Whether the result is not wanted any more, since the client has gone. Called often: it has to be cheap. */
  readonly isCancelled?: (() => boolean) | undefined;
}

/** The result would be larger than its bounds allow. */
export class ResponseTooLargeError extends Error {
  readonly limit: number;
  readonly unit: 'bytes' | 'list items';

  constructor(limit: number, unit: 'bytes' | 'list items') {
    super(`The response is larger than the limit of ${limit} ${unit}. Select fewer fields, or smaller pages.`);
    this.name = 'ResponseTooLargeError';
    this.limit = limit;
    this.unit = unit;
  }
}

/** The client went away before the result was complete. */
export class ExecutionCancelledError extends Error {
  constructor() {
    super('The operation was cancelled.');
    this.name = 'ExecutionCancelledError';
  }
}
