import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallLimiter, type CallPermit } from '../../src/engine/models/endpoint/callLimiter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Starts numbered calls, and records which have started. */
const starting = (limiter: CallLimiter) => {
  const permits = new Map<number, CallPermit>();
  const start = (number: number, tokens = 1, signal = new AbortController().signal) =>
    limiter.start(tokens, signal).then((permit) => permits.set(number, permit));
  return { permits, start, started: () => [...permits.keys()] };
};

test('calls beyond the limit of concurrent ones start in order as others end', async () => {
  const limiter = new CallLimiter({ maxConcurrentCalls: 2 });
  const { permits, start, started } = starting(limiter);
  const all = [1, 2, 3, 4, 5].map((number) => start(number));
  await Promise.all(all.slice(0, 2));
  expect([started(), limiter.freeCalls()]).toEqual([[1, 2], 0]);
  permits.get(2)?.end();
  permits.get(2)?.end();
  await all[2];
  expect(started()).toEqual([1, 2, 3]);
  permits.get(1)?.end();
  permits.get(3)?.end();
  await Promise.all(all);
  expect(started()).toEqual([1, 2, 3, 4, 5]);
});

test('a call that is aborted while it waits leaves the queue', async () => {
  const { permits, start, started } = starting(new CallLimiter({ maxConcurrentCalls: 1 }));
  const controller = new AbortController();
  await start(1);
  const left = start(2, 1, controller.signal);
  const third = start(3);
  const reason = new Error('cancelled');
  controller.abort(reason);
  await expect(left).rejects.toBe(reason);
  permits.get(1)?.end();
  await third;
  expect(started()).toEqual([1, 3]);
});

test('no minute has more requests than allowed', async () => {
  const { permits, start } = starting(new CallLimiter({ requestsPerMinute: 10 }));
  const times: number[] = [];
  const all = Array.from({ length: 35 }, async (_, number) => {
    await start(number);
    times.push(performance.now());
    permits.get(number)?.end();
  });
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  await Promise.all(all);
  expect(times).toHaveLength(35);
  for (const from of times)
    expect(times.filter((time) => time >= from && time < from + 60_000).length).toBeLessThanOrEqual(10);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(3.1 * 60_000);
});

test('tokens are counted as estimated, and then as used', async () => {
  const limiter = new CallLimiter({ tokensPerMinute: 100 });
  const { permits, start, started } = starting(limiter);
  await start(1, 90);
  void start(2, 50);
  void start(3, 5);
  await vi.advanceTimersByTimeAsync(0);
  expect(started()).toEqual([1]);
  permits.get(1)?.end(40);
  await vi.advanceTimersByTimeAsync(0);
  expect(started()).toEqual([1, 2, 3]);
  permits.get(2)?.end(80);
  expect(limiter.freeCalls()).toBe(0);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(limiter.freeCalls()).toBe(Number.POSITIVE_INFINITY);
});

test('a call larger than the tokens of a minute waits for a whole one, and not for ever', async () => {
  const { permits, start, started } = starting(new CallLimiter({ tokensPerMinute: 100 }));
  await start(1, 10);
  permits.get(1)?.end();
  void start(2, 1000);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(started()).toEqual([1]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(started()).toEqual([1, 2]);
});
