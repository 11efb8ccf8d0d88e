import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { run } from '../live/eventStream.ts';
import { startServer } from '../support/server.ts';
import { raw, startUpstream } from '../support/upstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'assistants-stop-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends the server with exit code 0, though a connection is kept alive',
  async (name) => {
    const server = await startServer();
    const agent = new Agent({ keepAlive: true });
    await new Promise((answered, reject) => {
      sendRequest(`${server.url}/health`, { agent }, (answer) => answer.resume().once('end', answered))
        .once('error', reject)
        .end();
    });

    server.signal(name);

    expect(await server.exited).toBe(0);
    agent.destroy();
  },
);

test('a request under way is answered before the server ends, and no new one is taken', async () => {
  const { upstream, server, release } = await withOneUnderWay();
  const answer = server.graphql('{ assistant(assistantId: "asst_1") { name } }');
  await expect.poll(() => upstream.calls).toHaveLength(1);

  server.signal('SIGTERM');
  await expect.poll(() => server.output()).toContain('stopping');
  await expect(fetch(`${server.url}/health`, { headers: { connection: 'close' } })).rejects.toThrow('fetch failed');
  release();

  expect(await answer).toEqual({ data: { assistant: { name: 'Ada' } } });
  expect(await server.exited).toBe(0);
  await upstream.close();
});

test('/ready says that the server is stopping to a request that was on its way', async () => {
  const { upstream, server, release } = await withOneUnderWay();
  const completion = server.graphql('{ assistant(assistantId: "asst_1") { name } }');
  await expect.poll(() => upstream.calls).toHaveLength(1);
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /ready HTTP/1.1\r\n');
  await server.graphql('{ __typename }'); // the server has read what was sent before

  server.signal('SIGTERM');
  await expect.poll(() => server.output()).toContain('stopping');
  socket.write(`Host: ${hostname}\r\n\r\n`);

  const response = await text(socket);
  expect(response).toMatch(/^HTTP\/1\.1 503 /);
  expect(response).toMatch(/^connection: close\r$/im);
  expect(response).toContain('"status":"stopping"');
  release();
  await completion;
  expect(await server.exited).toBe(0);
  await upstream.close();
});

test('an event stream of a subscription is completed when the server stops', async () => {
  const { upstream, server } = await withRunThatGoesOn();
  const stream = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: following }),
  });
  await expect.poll(() => upstream.calls.length).toBeGreaterThan(0);

  server.signal('SIGTERM');

  // A stream that is cut off instead rejects here.
  expect(await stream.text()).toMatch(/^event: next\ndata: .*IN_PROGRESS.*\n\nevent: complete\ndata:\s*$/m);
  expect(await server.exited).toBe(0);
  await upstream.close();
});

test('a WebSocket with a subscription is closed with the code 1001 when the server stops', async () => {
  const { upstream, server } = await withRunThatGoesOn();
  const { socket, next } = await openSocket(server.url, following);
  await next();

  server.signal('SIGTERM');

  const [code] = await once(socket, 'close');
  expect(code).toBe(1001);
  expect(await server.exited).toBe(0);
  await upstream.close();
});

test('a query under way on a WebSocket gets its result before the socket is closed', async () => {
  const { upstream, server, release } = await withOneUnderWay();
  const { socket, next } = await openSocket(server.url, '{ assistant(assistantId: "asst_1") { name } }');
  const closed = once(socket, 'close');
  await expect.poll(() => upstream.calls).toHaveLength(1);

  server.signal('SIGTERM');
  await expect.poll(() => server.output()).toContain('stopping');
  release();

  expect(await next()).toMatchObject({ payload: { data: { assistant: { name: 'Ada' } } } });
  expect((await closed)[0]).toBe(1001);
  expect(await server.exited).toBe(0);
  await upstream.close();
});

test('a run under way ends its event stream at /v1 cleanly, and is completed by the next process', async () => {
  const env = { DATA_PATH: join(folder, 'runs.db') };
  const first = await startServer(env);
  const post = async (path: string, body: object) => first.rest(path, { method: 'POST', body: JSON.stringify(body) });
  const { id: assistantId } = await (await post('/assistants', { model: 'offline' })).json();
  const stream = await post('/threads/runs', {
    assistant_id: assistantId,
    stream: true,
    thread: { messages: [{ role: 'user', content: 'take 3 seconds for these words, which come one by one' }] },
  });
  const events = stream.text();
  const { data } = await first.graphql<{ assistants: unknown }>('{ assistants { nodes { assistantId } } }');
  expect(data).toEqual({ assistants: { nodes: [{ assistantId }] } });

  first.signal('SIGTERM');
  const received = await events;
  expect(received).toContain('event: thread.run.in_progress');
  expect(received).not.toContain('event: done');
  expect(await first.exited).toBe(0);

  const [, runId, threadId] = received.match(/"id":"(run_\w+)".*?"thread_id":"(thread_\w+)"/) ?? [];
  const second = await startServer(env);
  const status = async () => (await (await second.rest(`/threads/${threadId}/runs/${runId}`)).json()).status;
  await expect.poll(status, { timeout: 15_000 }).toBe('completed');
  await second.stop();
});

test('a second signal ends the server at once', async () => {
  const { upstream, server } = await withOneUnderWay();
  const answer = server.graphql('{ assistant(assistantId: "asst_1") { name } }').catch(() => 'cut off');
  await expect.poll(() => upstream.calls).toHaveLength(1);

  const impatient = setInterval(() => server.signal('SIGINT'), 100);

  expect(await server.exited).toBe(1);
  expect(await answer).toBe('cut off');
  clearInterval(impatient);
  await upstream.close();
});

test('an error that nobody caught is logged with an id and without keys, and ends the server with exit code 1', async () => {
  const crash = 'process.on("SIGTERM", () => { throw new Error("the key is sk-0123456789") })';
  const server = await startServer({
    ASSISTANTS_API_KEY: 'sk-0123456789',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
  });

  expect(await server.stop()).toBe(1);

  expect(server.output()).toMatch(/"crashed","id":"[0-9a-f-]{36}","message":"the key is \[redacted\]"/);
  expect(server.output()).not.toContain('sk-0123456789');
});

test('what was stored is there after a stop and a new start', async () => {
  const env = { DATA_PATH: join(folder, 'kept.db') };
  const first = await startServer(env);
  const created = await first.rest('/assistants', { method: 'POST', body: '{"model":"offline","name":"Ada"}' });
  expect(created.status).toBe(200);
  expect(await first.stop()).toBe(0);

  const second = await startServer(env);
  const { data } = await second.graphql('{ assistants { nodes { name } } }');
  expect(data).toEqual({ assistants: { nodes: [{ name: 'Ada' }] } });
  await second.stop();
});

/** A server in front of an upstream that responds only after `release`. */
const withOneUnderWay = async () => {
  const released = new AbortController();
  const release = new Promise((resolve) => released.signal.addEventListener('abort', resolve));
  const upstream = await startUpstream(() =>
    raw(async (response) => {
      await release;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'asst_1', object: 'assistant', created_at: 0, name: 'Ada' }));
    }),
  );
  const server = await startServer({ ASSISTANTS_BASE_URL: upstream.url });
  return { upstream, server, release: () => released.abort() };
};

const following = 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }';

/** A server in front of a run that never ends. */
const withRunThatGoesOn = async () => {
  const upstream = await startUpstream({ 'GET /threads/thread_1/runs/run_1': run('in_progress') });
  return { upstream, server: await startServer({ ASSISTANTS_BASE_URL: upstream.url }) };
};

/** A WebSocket on which one operation was sent; `next` is the next message of the server after its acknowledgement. */
const openSocket = async (url: string, query: string) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const first = once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  return { socket, next: async () => JSON.parse(String((await first)[0])) };
};
