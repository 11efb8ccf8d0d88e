import type { RestCall } from './call.ts';

/** One REST call while it is made. */
export interface ObservedCall {
  /** Headers to send with the call, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called with the HTTP status of each response to the call, before its body is read. */
  readonly responded: (status: number) => void;
  /**
   * Called once: of a stream when it has begun, of any other call when its body has been read. `error` is what the call
   * rejects with, if it does.
   */
  readonly ended: (error: Error | undefined) => void;
}

/** Called for each REST call when it is sent. */
export type CallObserver = (call: RestCall) => ObservedCall;

/** What was thrown, as an error. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Makes a call under observation. Settles as `make` does. */
export const observedCall = async <T>(
  observer: CallObserver | undefined,
  call: RestCall,
  make: (observed: ObservedCall | undefined) => Promise<T>,
): Promise<T> => {
  if (observer === undefined) return make(undefined);
  const observed = observer(call);
  try {
    const result = await make(observed);
    observed.ended(undefined);
    return result;
  } catch (error) {
    observed.ended(asError(error));
    throw error;
  }
};

/** Two observers as one; the headers are those of the first. */
export const bothObservers = (first: CallObserver, second: CallObserver | undefined): CallObserver =>
  second === undefined
    ? first
    : (call) => {
        const [one, other] = [first(call), second(call)];
        return {
          headers: one.headers,
          responded: (status) => {
            one.responded(status);
            other.responded(status);
          },
          ended: (error) => {
            one.ended(error);
            other.ended(error);
          },
        };
      };
