import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { getIntrospectionQuery } from 'graphql';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({
    MAX_BODY_BYTES: '100000',
    MAX_SOCKET_OPERATIONS: '10',
    MAX_BUFFERED_BYTES: '1000000',
    STALLED_CLIENT_MS: '400',
    NODE_OPTIONS: '--trace-warnings',
  });
});
afterAll(() => server.stop());

const port = () => Number(new URL(server.url).port);

/** A socket that counts what it could send. */
const opened = async () => {
  const socket = connect(port(), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** Sends chunks until the socket is closed, or 64 MiB were sent. Returns the bytes sent. */
const sendWithoutEnd = async (socket: Socket) => {
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  let sent = 0;
  while (!socket.destroyed && sent < 64 * 1024 * 1024) {
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    sent += chunk.length;
  }
  return sent;
};

/** What the client receives if it sends a body without end to `path`, and reads only after `pauseMs`. */
const sendingWithoutEnd = async (path: string, pauseMs: number) => {
  const socket = await opened();
  let received = '';
  socket.pause();
  setTimeout(() => socket.resume(), pauseMs);
  socket.on('data', (data) => {
    received += String(data);
  });
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  return { sent: await sendWithoutEnd(socket), received };
};

test.each([
  ['/graphql', 0],
  ['/v1/threads', 0],
  ['/graphql?query={__typename}', 0],
  ['/graphql', 300],
  ['/v1/threads', 300],
])(
  'a chunked body without end at %s gets 413, and the connection is closed (read after %d ms)',
  async (path, pauseMs) => {
    const { sent, received } = await sendingWithoutEnd(path, pauseMs);
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    expect(received.toLowerCase()).toContain('connection: close');
    // What was allowed, what is read on for a moment, and what the kernel buffers.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  },
);

test('a client that does not read what it asked for is disconnected', async () => {
  const socket = await opened();
  socket.pause();
  const body = JSON.stringify({ query: getIntrospectionQuery() });
  const request = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  // Pipelined, so that far more is sent back than the kernel buffers.
  socket.write(request.repeat(100));

  let isClosed = false;
  socket.once('close', () => {
    isClosed = true;
  });
  // A socket that is paused does not notice that the other side has closed; one that writes does.
  const writing = setInterval(() => socket.write('\r\n'), 100);
  await expect.poll(() => isClosed, { timeout: 10_000 }).toBe(true);
  clearInterval(writing);
});

const socketOf = async (on: RunningServer = server) => {
  const socket = new WebSocket(on.url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
};

const initialised = async () => {
  const socket = await socketOf();
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
};

const subscribe = (socket: WebSocket, id: number, query: string) =>
  socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));

test('operations beyond the limit of a WebSocket are refused, and the others go on', async () => {
  const { thread, run } = await activeRun();
  const socket = await initialised();
  const messages: { id: string; type: string; payload?: [{ extensions: { code: string } }] }[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
  const query = `subscription { runUpdates(threadId: "${thread}", runId: "${run}") { status } }`;
  for (let id = 0; id < 1000; id += 1) subscribe(socket, id, query);

  await expect.poll(() => messages.filter(({ type }) => type === 'error'), { timeout: 10_000 }).toHaveLength(990);
  expect(messages.find(({ type }) => type === 'error')?.payload?.[0]?.extensions.code).toBe('OVERLOADED');
  await expect.poll(() => messages.filter(({ type }) => type === 'next'), { timeout: 10_000 }).toHaveLength(10);
  socket.terminate();
});

test.each([
  ['introspections', (socket: WebSocket, id: number) => subscribe(socket, id, getIntrospectionQuery())],
  ['pings', (socket: WebSocket) => socket.send(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(20_000) } }))],
])('a WebSocket that never reads the responses to its %s is closed', async (_, send) => {
  const socket = await initialised();
  const closed = once(socket, 'close');
  socket.pause();
  for (let id = 0; id < 2000; id += 1) {
    send(socket, id);
    if (id % 20 === 0) await pause(30);
  }
  socket.resume();
  const [code] = await closed;
  expect(code).toBe(1006);
});

test('a WebSocket that sends 200 malformed messages at once is closed for the first', async () => {
  const socket = await socketOf();
  const closed = once(socket, 'close');
  for (let n = 0; n < 200; n += 1) socket.send('{}');
  expect((await closed)[0]).toBe(4400);
});

test('WebSockets that never send connection_init are closed', async () => {
  const sockets = await Promise.all(Array.from({ length: 10 }, () => socketOf()));
  const codes = await Promise.all(sockets.map(async (socket) => (await once(socket, 'close'))[0]));
  expect(new Set(codes)).toEqual(new Set([4408]));
});

test('event streams and WebSockets beyond the limit are refused with 503, and room is made when one is closed', async () => {
  const limited = await startServer({ MAX_STREAMS: '20' });
  onTestFinished(async () => void (await limited.stop()));
  const { thread, run } = await activeRun(limited);
  const query = `subscription { runUpdates(threadId: "${thread}", runId: "${run}") { status } }`;
  const leaving = new AbortController();
  const stream = () =>
    fetch(`${limited.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    });
  const responses = await Promise.all(Array.from({ length: 30 }, stream));
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(20);
  const refused = responses.filter(({ status }) => status === 503);
  expect(refused).toHaveLength(10);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(await refused[0]?.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });

  const socket = new WebSocket(limited.url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('503');
  const streamed = await limited.rest(`/threads/${thread}/runs`, { method: 'POST', body: '{"stream": true}' });
  expect([streamed.status, await streamed.json()]).toMatchObject([503, { error: { type: 'server_error' } }]);

  leaving.abort();
  await expect.poll(async () => (await socketOf(limited).catch(() => undefined))?.readyState).toBe(WebSocket.OPEN);
});

test('nothing of the above made Node warn: too many listeners are the first sign of what is kept for each request', async () => {
  const lines = server.output().split('\n');
  expect(lines.filter((line) => /Warning|^ +at /.test(line))).toEqual([]);
});

/** A run that waits for the outputs of a function. */
const activeRun = async (on: RunningServer = server) => {
  const { data } = await on.graphql<{ createAssistant: { assistant: { assistantId: string } } }>(
    'mutation { createAssistant(input: { model: "m", tools: [{ function: { name: "look_up" } }] }) { assistant { assistantId } } }',
  );
  const assistantId = data?.createAssistant.assistant.assistantId;
  const started = await on.graphql<{ createThreadAndRun: { run: { threadId: string; runId: string } } }>(
    'mutation ($id: ID!) { createThreadAndRun(input: { assistantId: $id, thread: { messages: [{ role: USER, content: [{ text: "look_up {}" }] }] } }) { run { threadId runId } } }',
    { id: assistantId },
  );
  const { threadId: thread, runId: run } = started.data?.createThreadAndRun.run ?? { threadId: '', runId: '' };
  return { thread, run };
};
