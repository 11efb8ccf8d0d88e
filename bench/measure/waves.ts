import type { StubReport } from '../stub/control.ts';

/**
 * How many rounds of calls follow one another: a call that arrives after another was answered may have waited for it. Exact
 * for one request at a time, and where the delay of the stub is long beside the time that the server itself takes.
 */
export const wavesOf = (log: StubReport['log']): number => {
  const depths: { endMs: number; depth: number }[] = [];
  for (const { startMs, endMs } of log.toSorted((a, b) => a.startMs - b.startMs)) {
    const before = depths.filter((earlier) => earlier.endMs <= startMs);
    depths.push({ endMs, depth: 1 + Math.max(0, ...before.map(({ depth }) => depth)) });
  }
  return Math.max(0, ...depths.map(({ depth }) => depth));
};
