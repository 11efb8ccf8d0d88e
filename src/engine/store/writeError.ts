/** Nothing can be written at the moment. Reads go on. The message is for clients: it has no paths. */
export class StoreWriteError extends Error {
  override readonly name = 'StoreWriteError';
  /** The HTTP status that says so. */
  readonly status: 503 | 507;

  constructor(status: 503 | 507, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
