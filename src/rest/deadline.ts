import { type Cancellation, ManualCancellation } from './cancellation.ts';
import type { RestCall } from './call.ts';
import { AbortedError } from './errors/abortedError.ts';
import { TimeoutError } from './errors/timeoutError.ts';

/**
 * Settles when `work` does, at the deadline, or when the caller cancels, whichever comes first, even if `work` then never
 * settles: with cross-fetch 4.1, reading a body does not always notice a signal. `work` gets a cancellation of its own
 * that covers both. Rejects with TimeoutError or AbortedError, or as `work` does.
 */
export const withinDeadline = <T>(
  call: RestCall,
  timeoutMs: number,
  cancellation: Cancellation,
  work: (cancellation: Cancellation) => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (cancellation.isCancelled) {
      reject(new AbortedError(call));
      return;
    }
    const own = new ManualCancellation();
    const settle = () => {
      clearTimeout(timer);
      cancellation.removeListener(onCancel);
    };
    const succeed = (result: T) => {
      settle();
      resolve(result);
    };
    const fail = (error: Error) => {
      settle();
      reject(error); // before cancelling, upon which `work` may reject with a less precise error
      own.cancel(); // the rest of a response is not awaited
    };
    const onCancel = () => fail(new AbortedError(call));
    const timer = setTimeout(() => fail(new TimeoutError(call, timeoutMs)), timeoutMs);
    cancellation.addListener(onCancel);

    work(own).then(succeed, fail);
  });
