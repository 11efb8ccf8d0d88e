import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from '../support/server.ts';
import { raw, reply, startUpstream } from '../support/upstream.ts';
import { run, textDelta } from './eventStream.ts';
import { transports } from './subscription.ts';

const READERS = 50;

/** Megabytes of resident memory. About 2.5 for each reader, most of which V8 has not released yet. */
const BOUND = 128;

const stream = `subscription {
  createRunStream(input: { threadId: "thread_1", assistantId: "asst_1" }) { ... on MessageDeltaStreamEvent { text } }
}`;
const updates = 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { instructions metadata } }';

/** Subscribes over a raw socket, reads the first bytes, and never reads again. */
const stall = {
  async 'server-sent events'(url: string, query: string) {
    const { hostname, port, pathname } = new URL(url);
    const body = JSON.stringify({ query });
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await once(socket, 'data');
    socket.pause();
  },
  async 'a WebSocket'(url: string, query: string) {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    onTestFinished(() => socket.terminate());
    socket.on('error', () => {});
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    await once(socket, 'message');
    socket.pause();
  },
};

/** Resolves when the response accepts more, or is closed. */
const drained = async (response: ServerResponse) => {
  const done = new AbortController();
  const { signal } = done;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    done.abort(); // The other listener is removed too.
  }
};

/** Writes as much as the reader accepts, until it disconnects. */
const endless = (count: (bytes: number) => void) =>
  raw(async (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const piece = textDelta('long '.repeat(2000));
    while (!response.destroyed) {
      count(piece.length);
      if (!response.write(piece)) await drained(response);
      await nextTurn();
    }
  });

/** From a file that exists only on Linux. */
const residentMegabytes = async ({ pid }: RunningServer) => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
};

/** Half of the readers use each transport. Returns the memory of the server before they connected. */
const stallAll = async (server: RunningServer, query: string) => {
  const url = `${server.url}/graphql`;
  for (const transport of transports) await stall[transport](url, query);
  const before = await residentMegabytes(server);
  for (let count = 2; count < READERS; count += 2) {
    await Promise.all(transports.map((transport) => stall[transport](url, query)));
  }
  return before;
};

const startOver = async (routes: Parameters<typeof startUpstream>[0]) => {
  const upstream = await startUpstream(routes);
  const server = await startServer({ ASSISTANTS_BASE_URL: upstream.url });
  onTestFinished(async () => {
    await server.kill9();
    await upstream.close();
  });
  return server;
};

test(`${READERS} clients that stop reading endless streams pause the upstream and use less than ${BOUND} MB`, {
  timeout: 120_000,
}, async () => {
  let bytes = 0;
  const server = await startOver({ 'POST /threads/thread_1/runs': () => endless((more) => (bytes += more)) });
  const before = await stallAll(server, stream);
  // Until the buffers of the operating system are full: several megabytes for each connection.
  await expect
    .poll(
      async () => {
        const sent = bytes;
        await sleep(1000);
        return bytes - sent;
      },
      { timeout: 90_000 },
    )
    .toBe(0);
  const held = (await residentMegabytes(server)) - before;
  process.stdout.write(`${READERS} stalled streams: ${Math.round(bytes / 1e6)} MB sent, ${Math.round(held)} MB held\n`);
  expect(bytes / 1e6).toBeGreaterThan(READERS);
  expect(held).toBeLessThan(BOUND);
});

test(`${READERS} clients that stop reading a constantly changing run use less than ${BOUND} MB`, {
  timeout: 120_000,
}, async () => {
  let changes = 0;
  const server = await startOver({
    'GET /threads/thread_1/runs/run_1': () => {
      changes += 1;
      const more = { instructions: 'long '.repeat(40_000), metadata: { changes: String(changes) } };
      return reply({ json: run('in_progress', more), headers: { 'openai-poll-after-ms': '5' } });
    },
  });
  const before = await stallAll(server, updates);
  const since = changes;
  await expect.poll(() => changes - since, { timeout: 90_000 }).toBeGreaterThan(300);
  const held = (await residentMegabytes(server)) - before;
  process.stdout.write(
    `${READERS} stalled followers: ${changes - since} changes of 200 kB, ${Math.round(held)} MB held\n`,
  );
  expect(held).toBeLessThan(BOUND);
});

test('a server that is stopping does not wait for clients that stopped reading', { timeout: 60_000 }, async () => {
  const server = await startOver({ 'POST /threads/thread_1/runs': () => endless(() => {}) });
  for (const transport of transports) await stall[transport](`${server.url}/graphql`, stream);
  expect(await server.stop()).toBe(0);
});
