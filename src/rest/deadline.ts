import type { RestCall } from './call.ts';
import { AbortedError } from './errors/abortedError.ts';
import { TimeoutError } from './errors/timeoutError.ts';

export interface Deadline {
  /** How long the whole work may take, the reading of a body included. */
  timeoutMs: number;
  /** The caller's own wish to stop. */
  signal?: AbortSignal | undefined;
}

/**
 * Settles when `work` does, or at the deadline or the caller's abort, whichever comes first, even where `work` then never
 * settles: cross-fetch 4.1 hangs on a body whose server left early, and on a signal aborted before the first read.
 * The signal that `work` is given tells it to let go. Rejects with TimeoutError or AbortedError.
 */
export const withinDeadline = <T>(
  call: RestCall,
  { timeoutMs, signal }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new AbortedError(call));
      return;
    }
    const ending = new AbortController();
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
    const stop = (error: Error) => {
      settle();
      reject(error); // before the abort, whose own rejection says less
      ending.abort();
    };
    const giveUp = () => stop(new AbortedError(call));
    const timer = setTimeout(() => stop(new TimeoutError(call, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', giveUp);

    work(ending.signal)
      .finally(settle)
      .then(resolve, (error: Error) => {
        reject(error);
        ending.abort(); // what is left of an answer that failed is not waited for
      });
  });
