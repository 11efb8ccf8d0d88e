import { StoreWriteError } from './writeError.ts';

/** All connections to the database were in use for too long, so that nothing could be read either. The database itself may be well. */
export class StoreBusyError extends StoreWriteError {
  constructor(options?: ErrorOptions) {
    super(503, 'The server is overloaded: all its connections to the database are in use. Try again.', options);
  }
}
