import { StoreWriteError } from './writeError.ts';

/** The database cannot be reached, so that nothing can be read either. */
export class StoreUnreachableError extends StoreWriteError {
  constructor(options?: ErrorOptions) {
    super(503, 'The database cannot be reached. Try again.', options);
  }
}
