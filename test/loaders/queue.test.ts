import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Signalled } from '../../src/rest/abandonment.ts';
import { clientOf } from '../../src/rest/client.ts';
import { createEndpoint } from '../../src/rest/endpoint.ts';
import { FairQueue } from '../../src/rest/fairQueue.ts';
import { inTurn } from '../../src/rest/inTurn.ts';
import { createRest } from '../../src/rest/rest.ts';
import type { Fetch } from '../../src/rest/transport.ts';
import { Waves } from '../../src/rest/waves.ts';
import { startFacade } from '../support/facade.ts';
import { reply } from '../support/upstream.ts';
import { range } from './restModel.ts';

/** An upstream that answers the calls in the order that they came, one each time that it is told to. */
const answeringOnDemand = () => {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const fetch: Fetch = async (url) => {
    sent.push(new URL(url).pathname);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { status: 200, headers: new Headers(), body: null, text: async () => '{"id":"t"}' };
  };
  const answerOne = async () => {
    waiting.shift()?.();
    await new Promise<void>((resolve) => void setImmediate(resolve)); // for the next one to go out
  };
  return { fetch, sent, answerOne, underWay: () => waiting.length };
};

/** What each request of a server has: a lane of its own in a queue that all share. */
const requestsOver = (fetch: Fetch, most: number) => {
  const endpoint = createEndpoint({ baseUrl: 'http://upstream.local', fetch });
  const queue = new FairQueue(most);
  return (signal: AbortSignal = new AbortController().signal) => {
    const abandonment = new Signalled(signal);
    const client = clientOf(endpoint, { timeoutMs: 10_000, abandonment });
    return createRest(inTurn(client, queue.lane(abandonment), () => new Waves()));
  };
};

describe('calls to the upstream', () => {
  test('are no more at a time than allowed, and all of them are made', async () => {
    const { fetch, sent, answerOne, underWay } = answeringOnDemand();
    const rest = requestsOver(fetch, 4)();
    const answers = Promise.all(range(10).map((n) => rest.threads.retrieve(`${n}`)));

    for (const left of range(10).toReversed()) {
      expect(underWay()).toBe(Math.min(left + 1, 4));
      await answerOne();
    }
    expect(await answers).toHaveLength(10);
    expect(sent).toEqual(range(10).map((n) => `/threads/${n}`));
  });

  test('take turns by request, so that a small one passes by a large one that came before it', async () => {
    const { fetch, sent, answerOne } = answeringOnDemand();
    const request = requestsOver(fetch, 1);
    const [large, small] = [request(), request()];
    const answers = Promise.all([
      ...range(5).map((n) => large.threads.retrieve(`large-${n}`)),
      ...range(2).map((n) => small.threads.retrieve(`small-${n}`)),
    ]);

    for (let answered = 0; answered < 7; answered += 1) await answerOne();
    await answers;
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

  test('of a request that is given up are not made any more, and those of others are', async () => {
    const { fetch, sent, answerOne } = answeringOnDemand();
    const request = requestsOver(fetch, 1);
    const client = new AbortController();
    const [leaving, staying] = [request(client.signal), request()];
    const left = Promise.allSettled(range(3).map((n) => leaving.threads.retrieve(`leaving-${n}`)));
    const stayed = staying.threads.retrieve('staying');
    client.abort();

    expect((await left).map((outcome) => outcome.status === 'rejected' && outcome.reason.name)).toEqual(
      Array(3).fill('AbortedError'),
    );
    await answerOne();
    await answerOne();
    expect(await stayed).toHaveProperty('id');
    expect(sent).toEqual(['/threads/leaving-0', '/threads/staying']);
  });

  test('that had to wait leave nothing behind on the signal of who asked, which may outlive many of them', async () => {
    const { fetch, answerOne } = answeringOnDemand();
    const { signal } = new AbortController();
    const rest = requestsOver(fetch, 1)(signal);
    const answers = Promise.all(range(3).map((n) => rest.threads.retrieve(`${n}`)));

    expect(getEventListeners(signal, 'abort')).not.toEqual([]);
    for (let answered = 0; answered < 3; answered += 1) await answerOne();
    await answers;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('have the whole of their deadline once it is their turn, however long they waited for it', async () => {
    const { query } = await startFacade(() => reply({ delayMs: 500, json: { id: 't' } }), {
      timeoutMs: 1500,
      maxConcurrentCalls: 1,
    });
    const lookUps = range(5).map((n) => `t${n}: thread(threadId: "t${n}") { createdAt }`);

    // The last one is sent after 2,000 ms.
    expect(await query(`{ ${lookUps.join(' ')} }`)).not.toHaveProperty('errors');
  });
});
