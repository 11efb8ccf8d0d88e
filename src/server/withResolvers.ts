/** A promise with what settles it, as `Promise.withResolvers` of later versions of Node. A rejection need not be handled. */
export const withResolvers = <T>() => {
  let resolve: (value: T) => void = ignore;
  let reject: (error: unknown) => void = ignore;
  const promise = new Promise<T>((resolveWith, rejectWith) => {
    resolve = resolveWith;
    reject = rejectWith;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
};

const ignore = () => {};
