/** How long work is started for in one turn of the event loop, in milliseconds. */
const TURN_MS = 10;

/**
 * Returns a function that starts requests, or calls of the embedded engine: at once, but if many come in the same turn of the event
 * loop, the later ones in later turns and in order. A hundred connections that send a request at the same moment would otherwise hold the
 * event loop until all are started.
 */
export const startingTurns = () => {
  let waiting: (() => void)[] = [];
  let next = 0;
  /** By `performance.now()`; undefined until something is started in this turn. */
  let began: number | undefined;

  const isOver = () => {
    if (began !== undefined) return performance.now() - began > TURN_MS;
    began = performance.now();
    setImmediate(turn);
    return false;
  };

  const turn = () => {
    began = undefined;
    startNext();
  };

  const startNext = () => {
    if (next === waiting.length) {
      waiting = [];
      next = 0;
      return;
    }
    if (isOver()) return;
    waiting[next]?.();
    next += 1;
    // While more keep coming the list is never empty, and would hold all that have been started.
    if (next > 1000) {
      waiting = waiting.slice(next);
      next = 0;
    }
    // It goes on with promises that are fulfilled already: only after these is it known how long it took.
    queueMicrotask(() => process.nextTick(startNext));
  };

  return (start: () => void): void => {
    if (isOver() || next < waiting.length) waiting.push(start);
    else start();
  };
};
