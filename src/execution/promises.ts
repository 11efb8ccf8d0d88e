/** As graphql-js has it: promises of any realm, and thenables. Throws what a getter of `then` throws. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function';

/** Of a value that nothing waits for any more: if a promise in it rejects, it must not end the process. */
export const ignoreRejections = (value: unknown): void => {
  if (value instanceof Promise) value.catch(() => {});
  if (Array.isArray(value) || value instanceof Set) for (const item of value) ignoreRejections(item);
};
