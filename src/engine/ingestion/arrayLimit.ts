/**
 * Limits each `Uint8Array` that the code of this thread creates to `maxBytes`; `onExceeded` is called before the RangeError. The limits
 * that Node sets for a thread cover the heap, and the content of arrays is not on it: a PDF file of two megabytes may have a page of
 * gigabytes. Without `DecompressionStream`, which collects any number of small arrays, pdf.js decompresses a page into one.
 */
export const limitArrays = (maxBytes: number, onExceeded: () => void): void => {
  Reflect.deleteProperty(globalThis, 'DecompressionStream');
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct: (constructor, given: unknown[], newTarget) => {
      const [size] = given;
      if (typeof size === 'number' && size > maxBytes) {
        onExceeded();
        throw new RangeError(`An array of ${size} bytes is larger than the ${maxBytes} bytes that are allowed.`);
      }
      return Reflect.construct(constructor, given, newTarget);
    },
  });
};
