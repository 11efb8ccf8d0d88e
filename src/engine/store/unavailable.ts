/** The data file can't be used: locked by another process, not writable, not ours, or of a later version. The message is one line for an operator. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
