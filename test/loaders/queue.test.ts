import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ManualCancellation, SignalCancellation } from '../../src/rest/cancellation.ts';
import { clientOf } from '../../src/rest/client.ts';
import { createEndpoint } from '../../src/rest/endpoint.ts';
import { FairQueue } from '../../src/rest/fairQueue.ts';
import { path as pathOf } from '../../src/rest/path.ts';
import { createRest } from '../../src/rest/rest.ts';
import type { Fetch } from '../../src/rest/fetch.ts';
import { startFacade } from '../support/facade.ts';
import { reply } from '../support/upstream.ts';
import { range } from './restModel.ts';

/** An upstream that responds to calls in their order, one for each `respondToOne`. */
const respondingOnDemand = () => {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const fetch: Fetch = async (url) => {
    sent.push(new URL(url).pathname);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { status: 200, headers: new Headers(), body: null, text: async () => '{"id":"t"}' };
  };
  const respondToOne = async () => {
    waiting.shift()?.();
    await new Promise<void>((resolve) => void setImmediate(resolve)); // until the next call is sent
  };
  return { fetch, sent, respondToOne, pending: () => waiting.length };
};

/** The clients of a server's operations, each with its own queue within the shared one. */
const requestsOver = (fetch: Fetch, most: number) => {
  const endpoint = createEndpoint({ baseUrl: 'http://upstream.local', fetch });
  const queue = new FairQueue(most);
  return (signal: AbortSignal = new AbortController().signal) => {
    const cancellation = new SignalCancellation(signal);
    return createRest(clientOf(endpoint, { timeoutMs: 10_000, cancellation, queue: queue.clientQueue(cancellation) }));
  };
};

describe('the queue of REST calls', () => {
  test('no more REST calls run at a time than allowed, and all are made', async () => {
    const { fetch, sent, respondToOne, pending } = respondingOnDemand();
    const rest = requestsOver(fetch, 4)();
    const results = Promise.all(range(10).map((n) => rest.threads.retrieve(`${n}`)));

    for (const left of range(10).toReversed()) {
      expect(pending()).toBe(Math.min(left + 1, 4));
      await respondToOne();
    }
    expect(await results).toHaveLength(10);
    expect(sent).toEqual(range(10).map((n) => `/threads/${n}`));
  });

  test('an operation waits until all its calls have a slot, and one whose first call has one does not wait', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const queue = new FairQueue(1);
    const call = { method: 'GET', path: pathOf`/threads/${'t'}` } as const;
    const release = await queue.clientQueue(new ManualCancellation()).acquire(call);
    expect(queue.takeMeanWait()).toBe(0);
    const second = queue.clientQueue(new ManualCancellation());
    const calls = [second.acquire(call), second.acquire(call)];
    vi.advanceTimersByTime(10);
    expect(queue.takeMeanWait()).toBe(10);

    release();
    const releaseFirst = await calls[0];
    vi.advanceTimersByTime(20);
    releaseFirst?.();
    expect(queue.takeMeanWait()).toBe(30);
    expect(queue.takeMeanWait()).toBe(0);
  });

  test('client operations take turns in the queue: a small one passes a large one', async () => {
    const { fetch, sent, respondToOne } = respondingOnDemand();
    const request = requestsOver(fetch, 1);
    const [large, small] = [request(), request()];
    const results = Promise.all([
      ...range(5).map((n) => large.threads.retrieve(`large-${n}`)),
      ...range(2).map((n) => small.threads.retrieve(`small-${n}`)),
    ]);

    for (let responded = 0; responded < 7; responded += 1) await respondToOne();
    await results;
    expect(sent.map((path) => path.slice('/threads/'.length))).toEqual([
      'large-0',
      'large-1',
      'small-0',
      'large-2',
      'small-1',
      'large-3',
      'large-4',
    ]);
  });

  test('the queued calls of a cancelled operation are not sent, and those of others are', async () => {
    const { fetch, sent, respondToOne } = respondingOnDemand();
    const request = requestsOver(fetch, 1);
    const client = new AbortController();
    const [leaving, staying] = [request(client.signal), request()];
    const left = Promise.allSettled(range(3).map((n) => leaving.threads.retrieve(`leaving-${n}`)));
    const stayed = staying.threads.retrieve('staying');
    client.abort();

    expect((await left).map((outcome) => outcome.status === 'rejected' && outcome.reason.name)).toEqual(
      Array(3).fill('AbortedError'),
    );
    await respondToOne();
    await respondToOne();
    expect(await stayed).toHaveProperty('id');
    expect(sent).toEqual(['/threads/leaving-0', '/threads/staying']);
  });

  test('calls that waited in the queue leave no listener on the signal of their operation', async () => {
    const { fetch, respondToOne } = respondingOnDemand();
    const { signal } = new AbortController();
    const rest = requestsOver(fetch, 1)(signal);
    const results = Promise.all(range(3).map((n) => rest.threads.retrieve(`${n}`)));

    expect(getEventListeners(signal, 'abort')).not.toEqual([]);
    for (let responded = 0; responded < 3; responded += 1) await respondToOne();
    await results;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('the timeout of a call starts when it leaves the queue', async () => {
    const { query } = await startFacade(() => reply({ delayMs: 500, json: { id: 't' } }), {
      timeoutMs: 1500,
      maxConcurrentCalls: 1,
    });
    const lookUps = range(5).map((n) => `t${n}: thread(threadId: "t${n}") { createdAt }`);

    // The last one is sent after 2,000 ms.
    expect(await query(`{ ${lookUps.join(' ')} }`)).not.toHaveProperty('errors');
  });
});
