import { on, once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startServer } from '../support/server.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';

const MiB = 1024 * 1024;

let upstream: TestUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startUpstream({
    'GET /assistants': ({ query: { limit } }) => ({
      object: 'list',
      data: Array.from({ length: Number(limit) }, (_, n) => ({
        id: `asst_${n}`,
        object: 'assistant',
        instructions: 'é"'.repeat(MiB / 4),
      })),
      has_more: false,
    }),
  });
  server = await startServer({ ASSISTANTS_BASE_URL: upstream.url });
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

const connect = async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  const messages = on(socket, 'message');
  const next = async () => {
    const { value } = await messages.next();
    return JSON.parse(String(value[0]));
  };
  return { socket, next };
};

const query = '{ assistants(first: 24) { nodes { instructions } } broken: thread(threadId: "é") { id } }';

test('a result that is larger than MAX_BUFFERED_BYTES is sent over a WebSocket, with its errors', async () => {
  const { socket, next } = await connect();
  socket.send('{"type":"connection_init"}');
  await next();
  socket.send(JSON.stringify({ id: 'é"', type: 'subscribe', payload: { query } }));
  const message = await next();
  expect(await next()).toEqual({ id: 'é"', type: 'complete' });

  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const posted = await response.text();
  expect(Buffer.byteLength(posted)).toBeGreaterThan(20 * MiB);
  const { errors, data } = JSON.parse(posted);
  expect(message).toMatchObject({
    id: 'é"',
    type: 'next',
    payload: { data, errors: [{ message: errors[0].message }] },
  });
});

test('messages are read in order, however long they are', async () => {
  const { socket, next } = await connect();
  socket.send(JSON.stringify({ type: 'connection_init', payload: { padding: 'é'.repeat(3 * MiB) } }));
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }));

  expect(await next()).toEqual({ type: 'connection_ack' });
  expect(await next()).toEqual({ type: 'next', id: '1', payload: { data: { __typename: 'Query' } } });
});
