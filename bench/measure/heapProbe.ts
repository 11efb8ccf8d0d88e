/**
 * Loaded into a server: replies to each message from the benchmark with the bytes that are in use once the garbage has
 * been collected. Needs `--expose-gc`.
 */
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
