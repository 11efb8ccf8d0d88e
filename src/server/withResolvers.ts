/** A promise with what settles it, as `Promise.withResolvers` of later versions of Node. A rejection need not be handled. */
export const withResolvers = <T>() => {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((resolveWith, rejectWith) => {
    resolve = resolveWith;
    reject = rejectWith;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
};
