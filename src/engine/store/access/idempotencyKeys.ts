/** `fingerprint` identifies the method, the path and the body of the request. */
export interface KeyedResult {
  fingerprint: string;
  result: string;
}

/** Results of transactions, as JSON, by the `Idempotency-Key` of their requests. They are kept for a day. */
export interface IdempotencyKeyWrites {
  /** Locks the key until the transaction ends, before any object. Returns the result that it has by then. */
  lock(key: string): Promise<KeyedResult | undefined>;
  /** The key has to be locked. */
  insert(key: string, keyed: KeyedResult): Promise<void>;
}
