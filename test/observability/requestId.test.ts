import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { assistant } from '../graph/fixtures.ts';
import { transports } from '../pipeline/transports.ts';
import { startFacade } from '../support/facade.ts';
import { startServer } from '../support/server.ts';

const query = 'query Watched { assistant(assistantId: "asst_1") { name } }';
const routes = { 'GET /assistants/asst_1': assistant };
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const idsIn = (lines: readonly string[]) => lines.map((line): unknown => JSON.parse(line).requestId);

test.each(transports)(
  'a request by %s keeps the id that it came with, at the upstream and in the log',
  async (_, send) => {
    const { url, upstream, logged } = await startFacade(routes);

    await send(url, { query, headers: { 'x-request-id': 'from-the-client:1' } });

    const id = expect.stringMatching(/^from-the-client:1(\.1)?$/);
    expect(upstream.calls.map(({ headers }) => headers['x-request-id'])).toEqual([id]);
    expect(idsIn(logged)).toEqual([id]);
  },
);

test.each(transports)(
  'a request by %s that has no id gets one, the same at the upstream and in the log',
  async (_, send) => {
    const { url, upstream, logged } = await startFacade(routes);

    await send(url, { query });

    const [id] = idsIn(logged);
    expect(id).toMatch(/^[0-9a-f-]{36}(\.1)?$/);
    expect(upstream.calls.map(({ headers }) => headers['x-request-id'])).toEqual([id]);
  },
);

test.each(['/graphql', '/health', '/ready', '/nothing/there'])(
  'the response of %s names the id of its request',
  async (path) => {
    const { url } = await startFacade(routes);
    const idOf = async (headers: Record<string, string>) =>
      (await fetch(new URL(path, url), { headers })).headers.get('x-request-id');

    expect(await idOf({ 'x-request-id': 'mine' })).toBe('mine');
    expect(await idOf({})).toEqual(uuid);
  },
);

test.each(['', 'two words', 'a'.repeat(81), '<b>', '{"level":"error"}'])(
  'the id %j is replaced, since a log or a header could be misread',
  async (given) => {
    const { url, upstream } = await startFacade(routes);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': given },
      body: JSON.stringify({ query }),
    });

    expect(response.headers.get('x-request-id')).toEqual(uuid);
    expect(upstream.calls.map(({ headers }) => headers['x-request-id'])).toEqual([uuid]);
  },
);

test('operations on one WebSocket are numbered after the id of the connection, which the handshake returns', async () => {
  const { url, logged } = await startFacade(routes);
  const headers = { 'x-request-id': 'socket-7' };
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
  const [[response]] = (await Promise.all([once(socket, 'upgrade'), once(socket, 'open')])) as [
    [IncomingMessage],
    unknown,
  ];
  expect(response.headers['x-request-id']).toBe('socket-7');

  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  for (const id of ['a', 'b']) socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));

  await expect.poll(() => idsIn(logged)).toEqual(['socket-7.1', 'socket-7.2']);
  socket.terminate();
});

test('an internal error is logged with the id of its request', async () => {
  const { query: send, logged } = await startFacade(routes, {
    fetch: () => Promise.resolve(Object.freeze({ status: 200 }) as never),
  });

  await send(query, {}, { 'x-request-id': 'mine' });

  expect(logged.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'internal error', requestId: 'mine' }),
    expect.objectContaining({ event: 'graphql', requestId: 'mine' }),
  ]);
});

test('the REST API of the embedded engine keeps the id of its client too', async () => {
  const server = await startServer();
  const idOf = async (headers: Record<string, string>) =>
    (await server.rest('/assistants', { headers })).headers.get('x-request-id');

  expect(await idOf({ 'x-request-id': 'mine' })).toBe('mine');
  expect(await idOf({})).toEqual(uuid);
  await server.stop();
  const lines = server.output().split('\n');
  const logged = lines.filter((line) => line.includes('"event":"rest"')).map((line) => JSON.parse(line));
  expect(logged).toEqual([
    expect.objectContaining({ requestId: 'mine', operation: 'GET /assistants', status: 200 }),
    expect.objectContaining({ requestId: uuid, operation: 'GET /assistants', status: 200 }),
  ]);
});
