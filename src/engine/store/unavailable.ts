/** The data file or the database can't be used: locked by another process, not reachable, not writable, of another program, or of a later version. The message is one line for the operator. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
