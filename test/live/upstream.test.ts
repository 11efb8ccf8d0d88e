import { once } from 'node:events';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { DONE, frame, openStream, run, silence, streamOf, textDelta } from './eventStream.ts';
import { resultsOf, ConnectionLostError, subscription, type Transport, transports } from './subscription.ts';

const RUNS = 'POST /threads/thread_1/runs';
const query = `subscription {
  createRunStream(input: { threadId: "thread_1", assistantId: "asst_1" }) {
    event
    ... on MessageDeltaStreamEvent { text }
  }
}`;

const all = (transport: Transport, url: string, headers?: Record<string, string>) =>
  resultsOf(subscription(transport, url, { query }, headers));
const event = (name: string, more: object = {}) => ({ data: { createRunStream: { event: name, ...more } } });

test.each(transports)(
  'over %s an upstream stream that ends without `done` ends the subscription with an error',
  async (transport) => {
    const { url } = await startFacade({ [RUNS]: () => streamOf(frame('thread.run.queued', run('queued'))) });
    const [first, second, ...more] = await all(transport, url);
    expect(first).toEqual(event('thread.run.queued'));
    expect(second).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
    expect(more).toEqual([]);
  },
);

test.each(transports)(
  'over %s an error event in a stream is returned as an error with the details of the upstream',
  async (transport) => {
    const error = { message: 'Too much.', type: 'x', code: 'rate_limit_exceeded' };
    const { url } = await startFacade({ [RUNS]: () => streamOf(textDelta('So'), frame('error', { error }), DONE) });
    const [first, second, ...more] = await all(transport, url);
    expect(first).toEqual(event('thread.message.delta', { text: 'So' }));
    expect(second).toMatchObject({
      errors: [
        {
          message: 'Too much.',
          extensions: { code: 'RATE_LIMITED', upstream: { status: 429, code: 'rate_limit_exceeded' } },
        },
      ],
    });
    expect(more).toEqual([]);
  },
);

test.each(transports)(
  'over %s an object is read once for each event, however many fields select it',
  async (transport) => {
    let readings = 0;
    const { url, upstream } = await startFacade({
      [RUNS]: () =>
        streamOf(
          ...['queued', 'in_progress', 'completed'].map((status) => frame(`thread.run.${status}`, run(status))),
          DONE,
        ),
      'GET /threads/thread_1': () => {
        readings += 1;
        return { id: 'thread_1', metadata: { readings: String(readings) } };
      },
    });
    const results = await resultsOf(
      subscription(transport, url, {
        query: `subscription {
        createRunStream(input: { threadId: "thread_1", assistantId: "asst_1" }) {
          ... on RunStateStreamEvent { run { thread { metadata } again: thread { metadata } } }
        }
      }`,
      }),
    );
    const threads = ['1', '2', '3'].map((count) => ({ metadata: { readings: count } }));
    expect(results).toEqual(
      threads.map((thread) => ({ data: { createRunStream: { run: { thread, again: thread } } } })),
    );
    expect(upstream.calls).toHaveLength(4);
  },
);

test.each(transports)('over %s a subscription is limited to the allowed number of REST calls', async (transport) => {
  const { url, upstream } = await startFacade({}, { maxUpstreamCalls: 0 });
  expect(await all(transport, url)).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  expect(upstream.calls).toEqual([]);
});

test.each(transports)("over %s the client's credentials are sent upstream", async (transport) => {
  const { url, upstream } = await startFacade(
    { [RUNS]: () => streamOf(DONE) },
    { headers: { authorization: 'Bearer configured' } },
  );
  expect(await all(transport, url, { Authorization: 'Bearer of-the-client' })).toEqual([]);
  expect(await all(transport, url)).toEqual([]);
  expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer of-the-client',
    'Bearer configured',
  ]);
});

test.each(transports)('a client that unsubscribes over %s ends the upstream stream', async (transport) => {
  const stream = openStream(frame('thread.run.queued', run('queued')));
  const { url } = await startFacade({ [RUNS]: () => stream.response });
  for await (const response of subscription(transport, url, { query })) {
    expect(response).toEqual(event('thread.run.queued'));
    break;
  }
  await expect(stream.left).resolves.toBeUndefined();
});

test.each(transports)(
  'a client that unsubscribes over %s before the upstream has responded ends that call',
  async (transport) => {
    const silent = silence();
    const { url } = await startFacade({ [RUNS]: () => silent.response });
    const results = subscription(transport, url, { query });
    const first = results.next().catch(() => undefined);
    await silent.asked;
    await results.return();
    await expect(silent.left).resolves.toBeUndefined();
    await first;
  },
);

test.each(transports)('over %s the size and the depth of a document are limited', async (transport) => {
  const { url, upstream } = await startFacade({}, { maxTokens: 100, maxDepth: 5 });
  const errorsOf = async (document: string) =>
    (await resultsOf(subscription(transport, url, { query: document }))).map(({ errors }) => errors);
  const wide = `subscription { runUpdates(threadId: "thread_1", runId: "run_1") { ${'runId '.repeat(100)} } }`;
  expect(await errorsOf(wide)).toMatchObject([
    [{ message: expect.stringContaining('token'), extensions: { code: 'BAD_USER_INPUT' } }],
  ]);
  const deep = `subscription { runUpdates(threadId: "thread_1", runId: "run_1") { thread { runs { nodes { thread { runs { nodes { runId } } } } } } } }`;
  expect(await errorsOf(deep)).toMatchObject([
    [{ message: expect.stringContaining('depth'), extensions: { code: 'BAD_USER_INPUT' } }],
  ]);
  expect(upstream.calls).toEqual([]);
});

test.each(transports)('over %s only requests with the router secret are accepted', async (transport) => {
  const { url } = await startFacade({ [RUNS]: () => streamOf(DONE) }, { routerSecret: 'open-sesame' });
  expect(await all(transport, url, { 'Router-Authorization': 'open-sesame' })).toEqual([]);
  for (const headers of [{}, { 'Router-Authorization': 'sesame' }]) {
    const served = await all(transport, url, headers as Record<string, string>).then(
      () => true,
      () => false,
    );
    expect(served).toBe(false);
  }
});

test('a WebSocket also serves queries and mutations', async () => {
  const { url } = await startFacade({
    'GET /threads/thread_1': { id: 'thread_1' },
    'POST /threads/thread_1': () => refusal(404, 'No thread found.'),
  });
  const results = (document: string) => resultsOf(subscription('a WebSocket', url, { query: document }));
  expect(await results('{ thread(threadId: "thread_1") { threadId createdAt } }')).toEqual([
    { data: { thread: { threadId: 'thread_1', createdAt: null } } },
  ]);
  expect(
    await results('mutation { modifyThread(input: { threadId: "thread_1", metadata: {} }) { thread { threadId } } }'),
  ).toMatchObject([
    { data: { modifyThread: null }, errors: [{ path: ['modifyThread'], extensions: { code: 'NOT_FOUND' } }] },
  ]);
});

test('unsubscribing on a WebSocket that stays open ends the upstream call', async () => {
  const silent = silence();
  const { url } = await startFacade({ [RUNS]: () => silent.response });
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });
  const results = client.iterate({ query });
  const first = results.next();
  await silent.asked;
  await results.return?.();
  await expect(silent.left).resolves.toBeUndefined();
  expect(await first).toEqual({ done: true, value: undefined });
  await client.dispose();
});

test('an invalid authorization header is an error that does not show it', async () => {
  const { url } = await startFacade({ [RUNS]: () => streamOf(DONE) });
  const shown = vi.spyOn(console, 'error').mockReturnValue();
  await expect(all('a WebSocket', url, { authorization: 'Bearer \n secret' })).rejects.toThrow(ConnectionLostError);
  expect(shown).not.toHaveBeenCalled();
});

test('a WebSocket to another path is rejected, even if it disconnects first', async () => {
  const { url } = await startFacade({});
  const socket = new WebSocket(`${url.replace('http', 'ws')}/elsewhere`);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('404');

  const { hostname, port } = new URL(url);
  for (let count = 0; count < 20; count += 1) {
    const broken = connect(Number(port), hostname);
    broken.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(broken, 'connect');
    broken.resetAndDestroy();
  }
  expect((await fetch(url, { method: 'OPTIONS' })).status).toBeLessThan(500);
});
