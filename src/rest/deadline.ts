import { type Abandonment, Ending } from './abandonment.ts';
import type { RestCall } from './call.ts';
import { AbortedError } from './errors/abortedError.ts';
import { TimeoutError } from './errors/timeoutError.ts';

/**
 * Settles when `work` does, or at the deadline or when the caller gives up, whichever comes first, even where `work` then
 * never settles: with cross-fetch 4.1 the reading of a body does not always notice a signal. The abandonment that `work` is
 * given tells it to let go. Rejects with TimeoutError or AbortedError, or as `work` does.
 */
export const withinDeadline = <T>(
  call: RestCall,
  timeoutMs: number,
  abandonment: Abandonment,
  work: (abandonment: Abandonment) => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (abandonment.happened) {
      reject(new AbortedError(call));
      return;
    }
    const ending = new Ending();
    const settle = () => {
      clearTimeout(timer);
      abandonment.forget(giveUp);
    };
    const succeed = (result: T) => {
      settle();
      resolve(result);
    };
    const fail = (error: Error) => {
      settle();
      reject(error); // before the end, at which `work` may reject with less to say
      ending.end(); // what is left of an answer is not waited for
    };
    const giveUp = () => fail(new AbortedError(call));
    const timer = setTimeout(() => fail(new TimeoutError(call, timeoutMs)), timeoutMs);
    abandonment.remember(giveUp);

    work(ending).then(succeed, fail);
  });
