import type { StubReport } from '../stub/control.ts';

/**
 * How many round trips follow one another: a call that arrives after another has ended may have waited for it. Exact
 * for one request at a time, if the delay of the stub is long next to the time that the server itself takes.
 */
export const roundTripsOf = (log: StubReport['log']): number => {
  const depths: { endMs: number; depth: number }[] = [];
  for (const { startMs, endMs } of log.toSorted((a, b) => a.startMs - b.startMs)) {
    const before = depths.filter((earlier) => earlier.endMs <= startMs);
    depths.push({ endMs, depth: 1 + Math.max(0, ...before.map(({ depth }) => depth)) });
  }
  return Math.max(0, ...depths.map(({ depth }) => depth));
};
