import { expect, onTestFinished, test } from 'vitest';
import { CallLimiter } from '../../src/engine/models/endpoint/callLimiter.ts';
import { type SharedCallLimits, sharedCallsOn } from '../../src/shared/sharedCallLimits.ts';
import { replicaOf, startRedis } from './redisServer.ts';

const ENDPOINT = 'https://models.example/v1';

/** A replica's limiter of the calls to an endpoint, as `configuredModel` makes it. */
const startReplica = async (url: string, limits: SharedCallLimits, endpoint = ENDPOINT) => {
  const { shared, logged } = await replicaOf(url);
  const calls = sharedCallsOn(shared, endpoint, limits);
  return { calls, logged, send: shared.send, limiter: new CallLimiter({ ...limits, shared: calls }) };
};

/** What still waits is aborted with the test. */
const untilFinished = () => {
  const controller = new AbortController();
  onTestFinished(() => controller.abort(new Error('the test is over')));
  return controller.signal;
};

const requests = (requestsPerMinute: number): SharedCallLimits => ({ requestsPerMinute, tokensPerMinute: undefined });
const tokens = (tokensPerMinute: number): SharedCallLimits => ({ requestsPerMinute: undefined, tokensPerMinute });

/** The first key of a kind that the replicas have written. */
const keyOf = async ({ send }: { send: (...command: string[]) => Promise<unknown> }, kind: string) =>
  String(await send('KEYS', `*:${kind}`));

test('three replicas together start as many calls in a minute as one may, and then claim no more runs', async () => {
  const { url } = await startRedis();
  const replicas = await Promise.all([1, 2, 3].map(() => startReplica(url, requests(10))));
  let started = 0;
  for (const { limiter } of replicas) {
    for (let count = 0; count < 8; count += 1) {
      limiter.start(1, untilFinished()).then(
        () => (started += 1),
        () => undefined,
      );
    }
  }
  await expect.poll(() => replicas.map(({ limiter }) => limiter.freeCalls())).toEqual([0, 0, 0]);
  await expect.poll(() => started).toBe(10);
  for (const { calls } of replicas) expect((await calls.take(1)).waitMs).toBeGreaterThan(50_000);
  expect(started).toBe(10);
});

test('tokens are counted as estimated and then as used, for all replicas', async () => {
  const { url } = await startRedis();
  const one = await startReplica(url, tokens(100));
  const other = await startReplica(url, tokens(100));
  const permit = await one.limiter.start(90, untilFinished());
  expect((await other.calls.take(50)).waitMs).toBeGreaterThan(50_000);
  permit.end(40);
  await expect.poll(async () => (await other.calls.take(50)).waitMs).toBe(0);
  expect((await one.calls.take(50)).waitMs).toBeGreaterThan(50_000);
});

test('a call of more tokens than a minute has waits until none are used', async () => {
  const { url } = await startRedis();
  const { calls } = await startReplica(url, tokens(100));
  expect((await calls.take(1000)).waitMs).toBe(0);
  expect((await calls.take(1)).waitMs).toBeGreaterThan(50_000);
});

test('what was used more than a minute ago is forgotten', async () => {
  const { url } = await startRedis();
  const replica = await startReplica(url, requests(10));
  await replica.calls.take(1);
  const key = await keyOf(replica, 'requests');
  const [seconds] = (await replica.send('TIME')) as string[];
  await replica.send('HSET', key, String(Number(seconds) - 61), '9');
  expect((await replica.calls.take(1)).waitMs).toBe(0);
  await replica.send('HSET', key, String(Number(seconds) - 50), '9');
  const { waitMs } = await replica.calls.take(1);
  expect(waitMs).toBeGreaterThan(5000);
  expect(waitMs).toBeLessThanOrEqual(11_000);
  expect(await replica.send('HLEN', key)).toBeLessThanOrEqual(3);
});

test('each endpoint has its own minute', async () => {
  const { url } = await startRedis();
  const one = await startReplica(url, requests(1));
  const other = await startReplica(url, requests(1), 'https://other.example/v1');
  expect((await one.calls.take(1)).waitMs).toBe(0);
  expect((await other.calls.take(1)).waitMs).toBe(0);
});

test('a call that is aborted while replicas have no room leaves its place to the next', async () => {
  const { url } = await startRedis();
  const one = await startReplica(url, requests(1));
  await one.calls.take(1);
  const controller = new AbortController();
  const first = one.limiter.start(1, controller.signal);
  await expect.poll(() => one.limiter.freeCalls()).toBe(0);
  const reason = new Error('cancelled');
  controller.abort(reason);
  await expect(first).rejects.toBe(reason);
  await one.send('FLUSHALL');
  await expect(one.calls.take(1)).resolves.toMatchObject({ waitMs: 0 });
});

test('while the shared server is gone, each replica keeps to the limits by itself', async () => {
  const redis = await startRedis();
  const one = await startReplica(redis.url, requests(3));
  await redis.stop();
  const signal = untilFinished();
  await Promise.all([1, 2, 3].map(() => one.limiter.start(1, signal)));
  expect(one.limiter.freeCalls()).toBe(0);
  await expect.poll(() => one.logged).toEqual([expect.stringContaining('REDIS_URL cannot be used')]);
});
