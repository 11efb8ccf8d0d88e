import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { RestCall } from '../../src/rest/call.ts';
import { SignalCancellation } from '../../src/rest/cancellation.ts';
import { CircuitBreaker } from '../../src/rest/circuitBreaker.ts';
import { OperationDeadline } from '../../src/rest/deadline.ts';
import { FairQueue } from '../../src/rest/fairQueue.ts';
import { retryDelay } from '../../src/rest/retry.ts';
import { StreamLimit } from '../../src/rest/streamLimit.ts';
import { raw, refusal, reply, startUpstream } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

const thread = { id: 't1' };
const reset = raw((response) => {
  response.socket?.resetAndDestroy();
});
const cut = raw((response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"id":', () => response.socket?.resetAndDestroy());
});

/** An upstream that fails as often as said, and then returns an object. */
const failing = (times: number, fault: object, options: Parameters<typeof restOver>[1] = { maxRetries: 3 }) => {
  let left = times;
  return restOver(() => {
    left -= 1;
    return left >= 0 ? fault : thread;
  }, options);
};

const faults: [name: string, fault: object][] = [
  ['a reset connection', reset],
  ['a body that breaks off', cut],
  ...[408, 429, 500, 502, 503, 504].map((status): [string, object] => [`status ${status}`, reply({ status })]),
];

test.each(faults)('after %s a read is retried', async (_, fault) => {
  const { rest, upstream } = await failing(2, fault);

  expect(await rest.threads.retrieve('t1')).toEqual(thread);
  expect(upstream.calls).toHaveLength(3);
});

test.each(faults)('after %s a write is not retried, since it may have taken effect', async (_, fault) => {
  const { rest, upstream } = await failing(1, fault);

  await failureOf(rest.threads.create({}));
  expect(upstream.calls).toHaveLength(1);
});

test.each(faults)(
  'after %s a write under an idempotency key is retried with the same key and body',
  async (_, fault) => {
    const { rest, upstream } = await failing(2, fault);

    await rest.threads.create({ metadata: { a: 'b' } }, { idempotencyKey: 'key-1' });
    expect(upstream.calls.map(({ headers, body }) => [headers['idempotency-key'], body])).toEqual(
      Array.from({ length: 3 }, () => ['key-1', { metadata: { a: 'b' } }]),
    );
  },
);

test('a deletion is retried, and succeeds if an earlier attempt has already deleted the object', async () => {
  let calls = 0;
  const { rest, upstream } = await restOver(() => (calls++ === 0 ? reset : refusal(404, 'No thread found')), {
    maxRetries: 3,
  });

  expect(await rest.threads.delete('t1')).toMatchObject({ id: 't1', deleted: true });
  expect(upstream.calls).toHaveLength(2);
  expect(await failureOf(rest.threads.delete('t1'))).toMatchObject({ status: 404 });
});

test.each([400, 401, 403, 404, 409, 422, 501])('a read is not retried after status %i', async (status) => {
  const { rest, upstream } = await failing(1, refusal(status, 'No.'));

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({ status });
  expect(upstream.calls).toHaveLength(1);
});

test('a call is retried as often as allowed, and onCall sees each attempt', async () => {
  const attempts: RestCall[] = [];
  const { rest, upstream } = await failing(9, reset, { maxRetries: 2, onCall: (call) => attempts.push(call) });

  const error = await failureOf(rest.threads.retrieve('t1'));

  expect(error).toMatchObject({ name: 'UnavailableError', code: 'ECONNRESET', host: new URL(upstream.url).host });
  expect(error.message).toContain(
    'GET /threads/t1: the connection closed without a response from the upstream at 127.0.0.1:',
  );
  expect(upstream.calls).toHaveLength(3);
  expect(attempts).toEqual(Array.from({ length: 3 }, () => ({ method: 'GET', path: '/threads/t1' })));
});

test('a write is retried while there is no connection', async () => {
  const gone = await startUpstream({});
  await gone.close();
  const attempts: RestCall[] = [];
  const { rest } = await restOver({}, { baseUrl: gone.url, maxRetries: 2, onCall: (call) => attempts.push(call) });

  expect(await failureOf(rest.threads.create({}))).toMatchObject({ code: 'ECONNREFUSED' });
  expect(attempts).toHaveLength(3);
});

const throttledFor = (headers: Record<string, string>) => reply({ status: 429, headers });

test.each([
  ['retry-after-ms', () => ({ 'retry-after-ms': '40000', 'retry-after': '1' }), 40_000],
  ['retry-after in seconds', () => ({ 'retry-after': '40' }), 40_000],
  ['retry-after as a date', () => ({ 'retry-after': new Date(Date.now() + 40_000).toUTCString() }), 40_000],
])('a retry waits as long as %s says, unless the deadline is earlier', async (_, headers, delayMs) => {
  const { rest, upstream } = await failing(9, throttledFor(headers()), {
    maxRetries: 3,
    deadline: new OperationDeadline(10_000),
  });
  const error = await failureOf(rest.threads.retrieve('t1'));

  expect(error).toMatchObject({ status: 429 });
  expect(upstream.calls).toHaveLength(1);
  const retries = { max: 3, isRepeatable: true };
  expect(retryDelay(error, 1, { ...retries, deadline: new OperationDeadline(10_000) })).toBeUndefined();
  const requested = retryDelay(error, 1, { ...retries, deadline: new OperationDeadline(60_000) });
  expect(requested).toBeGreaterThan(delayMs - 3_000);
  expect(requested).toBeLessThanOrEqual(delayMs);
});

test('a short retry-after is waited for', async () => {
  const { rest, upstream } = await failing(1, throttledFor({ 'retry-after-ms': '20' }));

  expect(await rest.threads.retrieve('t1')).toEqual(thread);
  expect(upstream.calls).toHaveLength(2);
});

test('delays are random below a limit that doubles up to 5 seconds', async () => {
  const { rest } = await failing(1, reset, {});
  const error = await failureOf(rest.threads.retrieve('t1'));
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const delays = [1, 2, 3, 10].map((attempt) =>
    retryDelay(error, attempt, { max: 10, isRepeatable: true, deadline: undefined }),
  );
  random.mockRestore();

  expect(delays).toEqual([50, 100, 200, 2_500]);
});

test('a backoff gives its place in the queue to others', async () => {
  const queue = new FairQueue(1);
  const cancellation = new SignalCancellation(new AbortController().signal);
  let first = true;
  const { rest, upstream } = await restOver(
    ({ path }) => {
      if (path !== '/threads/busy' || !first) return thread;
      first = false;
      return throttledFor({ 'retry-after-ms': '300' });
    },
    { maxRetries: 1, cancellation, queue: queue.clientQueue(cancellation) },
  );
  await Promise.all(['busy', 'a', 'b'].map((id) => rest.threads.retrieve(id)));

  expect(upstream.paths()).toEqual(['busy', 'a', 'b', 'busy'].map((id) => `GET /threads/${id}`));
});

test('a cancelled caller ends a backoff', async () => {
  const caller = new AbortController();
  const { rest, upstream } = await failing(9, throttledFor({ 'retry-after': '30' }), {
    maxRetries: 3,
    signal: caller.signal,
  });
  const call = failureOf(rest.threads.retrieve('t1'));
  await expect.poll(() => upstream.calls.length).toBe(1);
  await setTimeout(50);
  caller.abort();

  expect((await call).name).toBe('AbortedError');
});

test('the deadline of the operation ends its calls, those in the queue included', async () => {
  const queue = new FairQueue(1);
  const cancellation = new SignalCancellation(new AbortController().signal);
  const { rest, upstream } = await restOver(() => raw(() => {}), {
    deadline: new OperationDeadline(100),
    cancellation,
    queue: queue.clientQueue(cancellation),
  });
  const failures = await Promise.all(['t1', 't2'].map((id) => failureOf(rest.threads.retrieve(id))));

  for (const failure of failures) {
    expect(failure).toMatchObject({ name: 'TimeoutError', limit: 'operation', timeoutMs: 100 });
  }
  expect(upstream.calls).toHaveLength(1);
  expect(queue.depth).toBe(0);
});

test('a full queue rejects further calls at once', async () => {
  const queue = new FairQueue(1, 2);
  const cancellation = new SignalCancellation(new AbortController().signal);
  const { rest } = await restOver(() => reply({ delayMs: 50, json: thread }), {
    cancellation,
    queue: queue.clientQueue(cancellation),
  });
  const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((id) => rest.threads.retrieve(id)));

  expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.name : 'done'))).toEqual([
    'done',
    'done',
    'done',
    'OverloadedError',
  ]);
});

test('streams are limited, and one that ends makes room for another', async () => {
  const done = reply({ headers: { 'content-type': 'text/event-stream' }, body: 'event: done\ndata: [DONE]\n\n' });
  const { rest } = await restOver(() => done, { streams: new StreamLimit(1) });
  const [first, second, third] = [1, 2, 3].map(() => rest.runs.events('t1', 'r1'));

  await first?.begin();
  expect((await failureOf(second?.begin() ?? Promise.resolve())).name).toBe('OverloadedError');
  expect(await first?.next()).toEqual({ done: true, value: undefined });
  await third?.begin();
});

test('a stream that is read is retried until it begins', async () => {
  let calls = 0;
  const done = reply({ headers: { 'content-type': 'text/event-stream' }, body: 'event: done\ndata: [DONE]\n\n' });
  const { rest, upstream } = await restOver(() => (calls++ < 2 ? reset : done), { maxRetries: 2 });

  await rest.runs.events('t1', 'r1').begin();
  expect(upstream.calls).toHaveLength(3);
});

test('a circuit breaker stops calls after consecutive failures, and one probe at a time decides about the next', async () => {
  let isBroken = true;
  const breaker = new CircuitBreaker({ maxFailures: 3, minFailingMs: 0, openMs: 100 });
  const { rest, upstream } = await restOver(
    () => (isBroken ? reply({ status: 500, delayMs: 20 }) : reply({ json: thread, delayMs: 20 })),
    { breaker },
  );
  const outcome = () =>
    rest.threads.retrieve('t1').then(
      () => 'done',
      ({ name }: Error) => name,
    );

  for (let count = 0; count < 3; count += 1) expect(await outcome()).toBe('ApiError');
  expect([breaker.state, await outcome()]).toEqual(['open', 'CircuitOpenError']);
  expect(upstream.calls).toHaveLength(3);

  await expect.poll(() => breaker.state).toBe('half-open');
  expect((await Promise.all([outcome(), outcome()])).toSorted()).toEqual(['ApiError', 'CircuitOpenError']);
  expect(breaker.state).toBe('open');

  isBroken = false;
  await expect.poll(() => breaker.state).toBe('half-open');
  expect((await Promise.all([outcome(), outcome()])).toSorted()).toEqual(['CircuitOpenError', 'done']);
  expect([breaker.state, await outcome()]).toEqual(['closed', 'done']);
});

test('failures between successes do not open the circuit, nor do rejected calls', async () => {
  const breaker = new CircuitBreaker({ maxFailures: 2, minFailingMs: 0, openMs: 60_000 });
  const { rest } = await restOver(
    ({ path }) => (path === '/threads/bad' ? reply({ status: 500 }) : refusal(401, 'Wrong key.')),
    { breaker },
  );
  for (let count = 0; count < 4; count += 1) {
    await failureOf(rest.threads.retrieve('bad'));
    await failureOf(rest.threads.retrieve('rejected'));
  }
  expect(breaker.state).toBe('closed');
});

test('a burst of failures does not open the circuit: they must continue for some time', async () => {
  const breaker = new CircuitBreaker({ maxFailures: 2, minFailingMs: 300, openMs: 60_000 });
  const { rest } = await restOver(() => reply({ status: 500 }), { breaker });
  const failures = (count: number) =>
    Promise.all(Array.from({ length: count }, () => failureOf(rest.threads.retrieve('t1'))));

  await failures(1);
  const began = performance.now();
  await failures(10);
  const isBurst = performance.now() - began < 300;
  expect(isBurst ? breaker.state : 'closed').toBe('closed'); // a busy machine may need longer for these
  await setTimeout(320);
  await failures(1);
  expect(breaker.state).toBe('open');
});
