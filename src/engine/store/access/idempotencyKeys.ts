/** `fingerprint` identifies the method, the path and the body of the request. */
export interface KeyedResult {
  fingerprint: string;
  result: string;
}

/** Results of transactions, as JSON, by the `Idempotency-Key` of their requests. They are kept for a day. */
export interface IdempotencyKeyWrites {
  get(key: string): Promise<KeyedResult | undefined>;
  insert(key: string, keyed: KeyedResult): Promise<void>;
}
