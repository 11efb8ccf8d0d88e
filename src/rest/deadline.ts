import type { Abandonment } from './abandonment.ts';
import type { RestCall } from './call.ts';
import { AbortedError } from './errors/abortedError.ts';
import { TimeoutError } from './errors/timeoutError.ts';

/**
 * Settles when `work` does, or at the deadline or when the caller gives up, whichever comes first, even where `work` then
 * never settles: with cross-fetch 4.1 the reading of a body does not always notice a signal. The signal that `work` is
 * given tells it to let go. Rejects with TimeoutError or AbortedError, or as `work` does.
 */
export const withinDeadline = <T>(
  call: RestCall,
  timeoutMs: number,
  abandonment: Abandonment,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (abandonment.happened) {
      reject(new AbortedError(call));
      return;
    }
    const ending = new AbortController();
    const settle = () => {
      clearTimeout(timer);
      abandonment.forget(giveUp);
    };
    const stop = (error: Error) => {
      settle();
      reject(error); // before the abort, whose own rejection says less
      ending.abort();
    };
    const giveUp = () => stop(new AbortedError(call));
    const timer = setTimeout(() => stop(new TimeoutError(call, timeoutMs)), timeoutMs);
    abandonment.remember(giveUp);

    work(ending.signal)
      .finally(settle)
      .then(resolve, (error: Error) => {
        reject(error);
        ending.abort(); // what is left of an answer that failed is not waited for
      });
  });
