import { once } from 'node:events';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { DONE, frame, openStream, run, silence, streamOf, textDelta } from './eventStream.ts';
import { answersOf, ConnectionLostError, subscription, type Transport, transports } from './subscription.ts';

const RUNS = 'POST /threads/thread_1/runs';
const query = `subscription {
  createRunStream(input: { threadId: "thread_1", assistantId: "asst_1" }) {
    event
    ... on MessageDeltaStreamEvent { text }
  }
}`;

const all = (transport: Transport, url: string, headers?: Record<string, string>) =>
  answersOf(subscription(transport, url, { query }, headers));
const event = (name: string, more: object = {}) => ({ data: { createRunStream: { event: name, ...more } } });

test.each(transports)(
  'over %s a stream that ends without saying that it is done ends in an error',
  async (transport) => {
    const { url } = await startFacade({ [RUNS]: () => streamOf(frame('thread.run.queued', run('queued'))) });
    const [first, second, ...more] = await all(transport, url);
    expect(first).toEqual(event('thread.run.queued'));
    expect(second).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
    expect(more).toEqual([]);
  },
);

test.each(transports)(
  'over %s an error in the midst of a stream comes as one, with what the upstream said',
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

test.each(transports)('over %s what an event leads to is read anew for each, and once', async (transport) => {
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
  const answers = await answersOf(
    subscription(transport, url, {
      query: `subscription {
        createRunStream(input: { threadId: "thread_1", assistantId: "asst_1" }) {
          ... on RunStateStreamEvent { run { thread { metadata } again: thread { metadata } } }
        }
      }`,
    }),
  );
  const threads = ['1', '2', '3'].map((count) => ({ metadata: { readings: count } }));
  expect(answers).toEqual(threads.map((thread) => ({ data: { createRunStream: { run: { thread, again: thread } } } })));
  expect(upstream.calls).toHaveLength(4);
});

test.each(transports)('over %s a subscription may not cost more calls than the server allows', async (transport) => {
  const { url, upstream } = await startFacade({}, { maxUpstreamCalls: 0 });
  expect(await all(transport, url)).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  expect(upstream.calls).toEqual([]);
});

test.each(transports)("over %s the client's own credentials go upstream", async (transport) => {
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

test.each(transports)('a client that leaves %s ends the stream upstream', async (transport) => {
  const stream = openStream(frame('thread.run.queued', run('queued')));
  const { url } = await startFacade({ [RUNS]: () => stream.answer });
  for await (const answer of subscription(transport, url, { query })) {
    expect(answer).toEqual(event('thread.run.queued'));
    break;
  }
  await expect(stream.left).resolves.toBeUndefined();
});

test.each(transports)('a client that leaves %s before the upstream has answered ends that call', async (transport) => {
  const silent = silence();
  const { url } = await startFacade({ [RUNS]: () => silent.answer });
  const answers = subscription(transport, url, { query });
  const first = answers.next().catch(() => undefined);
  await silent.asked;
  await answers.return();
  await expect(silent.left).resolves.toBeUndefined();
  await first;
});

test.each(transports)('over %s a document may not be larger, or deeper, than the server allows', async (transport) => {
  const { url, upstream } = await startFacade({}, { maxTokens: 100, maxDepth: 5 });
  const refusals = async (document: string) =>
    (await answersOf(subscription(transport, url, { query: document }))).map(({ errors }) => errors);
  const wide = `subscription { runUpdates(threadId: "thread_1", runId: "run_1") { ${'runId '.repeat(100)} } }`;
  expect(await refusals(wide)).toMatchObject([
    [{ message: expect.stringContaining('token'), extensions: { code: 'BAD_USER_INPUT' } }],
  ]);
  const deep = `subscription { runUpdates(threadId: "thread_1", runId: "run_1") { thread { runs { nodes { thread { runs { nodes { runId } } } } } } } }`;
  expect(await refusals(deep)).toMatchObject([
    [{ message: expect.stringContaining('depth'), extensions: { code: 'BAD_USER_INPUT' } }],
  ]);
  expect(upstream.calls).toEqual([]);
});

test.each(transports)('over %s a router brings its secret, and nobody else is served', async (transport) => {
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

test('queries and mutations are served over a WebSocket too', async () => {
  const { url } = await startFacade({
    'GET /threads/thread_1': { id: 'thread_1' },
    'POST /threads/thread_1': () => refusal(404, 'No thread found.'),
  });
  const answers = (document: string) => answersOf(subscription('a WebSocket', url, { query: document }));
  expect(await answers('{ thread(threadId: "thread_1") { threadId createdAt } }')).toEqual([
    { data: { thread: { threadId: 'thread_1', createdAt: null } } },
  ]);
  expect(
    await answers('mutation { modifyThread(input: { threadId: "thread_1", metadata: {} }) { thread { threadId } } }'),
  ).toMatchObject([
    { data: { modifyThread: null }, errors: [{ path: ['modifyThread'], extensions: { code: 'NOT_FOUND' } }] },
  ]);
});

test('a client that unsubscribes on a WebSocket that stays open ends what only it was waiting for', async () => {
  const silent = silence();
  const { url } = await startFacade({ [RUNS]: () => silent.answer });
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });
  const answers = client.iterate({ query });
  const first = answers.next();
  await silent.asked;
  await answers.return?.();
  await expect(silent.left).resolves.toBeUndefined();
  expect(await first).toEqual({ done: true, value: undefined });
  await client.dispose();
});

test('a header that cannot be one is refused without being shown', async () => {
  const { url } = await startFacade({ [RUNS]: () => streamOf(DONE) });
  const shown = vi.spyOn(console, 'error').mockReturnValue();
  await expect(all('a WebSocket', url, { authorization: 'Bearer \n secret' })).rejects.toThrow(ConnectionLostError);
  expect(shown).not.toHaveBeenCalled();
});

test('a WebSocket to any other path is refused, and may break off before it hears so', async () => {
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
