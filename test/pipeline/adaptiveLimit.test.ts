import { describe, expect, test } from 'vitest';
import { AdaptiveLimit } from '../../src/pipeline/adaptiveLimit.ts';
import { type Offered, served, type Work } from './simulatedLoop.ts';

/** Two round trips of 100 ms to the upstream; 1,000 operations a second keep the processor busy. */
const overUpstream: Work = { startMs: 0.4, responseMs: 0.3, roundTrips: 2, upstreamMs: 100, refusalMs: 0.05 };

/** Few start at a time, but each asks for a lot once its response has come: 95 a second. */
const largeResponses: Work = {
  startMs: 0.5,
  responseMs: 10,
  roundTrips: 1,
  upstreamMs: 100,
  refusalMs: 0.05,
  inTurns: true,
};

/** Eight round trips: most of what an operation costs comes after its start. */
const manyCalls: Work = { startMs: 0.3, responseMs: 0.2, roundTrips: 8, upstreamMs: 30, refusalMs: 0.05 };

const limitsOf = (overloadQueueMs: number) => ({ maxConcurrentOperations: 1000, overloadQueueMs });
const run = (work: Work, offered: readonly Offered[], overloadQueueMs = 20) =>
  served(new AdaptiveLimit(limitsOf(overloadQueueMs)), work, offered);

describe.each([
  ['many small operations', overUpstream],
  ['large results', largeResponses],
  ['many round trips', manyCalls],
])('at twice the capacity for 60 s, with %s', (_, work) => {
  const capacity = 1000 / (work.startMs + work.roundTrips * work.responseMs);
  const [calm, overload, after] = run(work, [
    { seconds: 20, perSecond: capacity / 4 },
    { seconds: 60, perSecond: capacity * 2 },
    { seconds: 20, perSecond: capacity / 4 },
  ]);

  test('operations that are served take at most twice as long as before, at the 99th percentile', () => {
    expect(overload?.p99).toBeLessThan(2 * (calm?.p99 ?? 0));
  });

  test('the processor serves nearly as many as it can, in addition to refusing the others', () => {
    const refusing = (overload?.refused ?? 0) * work.refusalMs;
    const possible = (capacity * (60_000 - refusing)) / 1000;
    expect(overload?.served).toBeGreaterThan(0.85 * possible);
  });

  test('nothing is refused before it, nor from two seconds after it', () => {
    expect([calm?.refused, after?.refusedAfter(2000)]).toEqual([0, 0]);
  });
});

test('without the rule the same overload makes each operation wait for those before it', () => {
  const [overload] = run(overUpstream, [{ seconds: 10, perSecond: 2000 }], 0);
  expect(overload?.p99).toBeGreaterThan(900);
});

test('a slow upstream is no overload: 900 operations that wait for it are all accepted', () => {
  const slow: Work = { ...overUpstream, upstreamMs: 9000, roundTrips: 1 };
  const [outcome] = run(slow, [{ seconds: 60, perSecond: 100 }]);
  expect([outcome?.mostInFlight, outcome?.refused]).toEqual([expect.closeTo(900, -3), 0]);
});

test('a burst that is over in 100 ms is accepted as a whole', () => {
  const outcomes = run(overUpstream, [
    { seconds: 1, perSecond: 10 },
    { seconds: 0.02, perSecond: 5000 },
    { seconds: 1, perSecond: 10 },
  ]);
  expect(outcomes.map(({ refused }) => refused)).toEqual([0, 0, 0]);
});

test('a single stall of the event loop refuses nothing', () => {
  const limit = new AdaptiveLimit(limitsOf(20));
  for (const queueMs of [0, 500, 0, 0, 500, 0]) limit.adapt({ queueMs, most: 10, least: 10 });
  expect(limit.limit).toBe(1000);
  limit.adapt({ queueMs: 500, most: 10, least: 10 });
  expect(limit.limit).toBe(8);
});

test('the limit does not fall again before it has had its effect', () => {
  const limit = new AdaptiveLimit(limitsOf(20));
  for (let n = 0; n < 10; n += 1) limit.adapt({ queueMs: 200, most: 400, least: 400 });
  expect(limit.limit).toBe(200);
  limit.adapt({ queueMs: 200, most: 400, least: 200 });
  expect(limit.limit).toBe(100);
});

test('a queue that stands may be as long as the setting allows, and one that was empty just now as long as a burst', () => {
  const limit = new AdaptiveLimit(limitsOf(20));
  expect(limit.admits(0, { waitMs: 90, standingMs: 90 })).toBe(true);
  expect(limit.admits(0, { waitMs: 101, standingMs: 100 })).toBe(false);
  expect(limit.admits(0, { waitMs: 19, standingMs: 1000 })).toBe(true);
  expect(limit.admits(0, { waitMs: 21, standingMs: 1000 })).toBe(false);
});
