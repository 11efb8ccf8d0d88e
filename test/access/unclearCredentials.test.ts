import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startFacade } from '../support/facade.ts';

const readable = { Authorization: 'Bearer x' };

test.each([
  ['in a list that has no pairs', { headers: ['Authorization', 'Bearer x'] }],
  ['in a text', { headers: 'Authorization: Bearer x' }],
  ['as true', { headers: true }],
  ['in a context', { context: { headers: readable } }],
  ['in a member for HTTP', { http: { headers: readable } }],
  ['twice, with different values', { authorization: 'Bearer y', ...readable }],
  ['at the top and in headers, with different values', { authorization: 'Bearer y', headers: readable }],
  ['empty and not', { Authorization: '', headers: readable }],
])(
  'over a WebSocket, credentials %s are refused, and never replaced by those of the server',
  async (_where, payload) => {
    const { url, upstream } = await startFacade({});
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4403);
    expect(upstream.calls).toEqual([]);
  },
);

test.each([
  ['in a list of pairs', { headers: [['Authorization', 'Bearer x']] }],
  ['in a member in another case', { Headers: readable }],
  ['with spaces around the name', { ' authorization ': 'Bearer x' }],
  ['twice, with the same value', { authorization: 'Bearer x', headers: readable }],
])('over a WebSocket, credentials %s are read', async (_where, payload) => {
  const { url, upstream } = await startFacade({});
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
  await once(socket, 'message');
  const query = '{ thread(threadId: "thread_1") { createdAt } }';
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
  await once(socket, 'message');
  socket.close();
  expect(upstream.calls.map(({ headers }) => headers['authorization'])).toEqual(['Bearer x']);
});

test.each(['authorization', 'api-key'])('a request with two headers %s is refused', async (name) => {
  const { url, upstream } = await startFacade({});
  const sent = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [name]: ['Bearer one', 'Bearer two'] },
  });
  sent.end(JSON.stringify({ query: '{ thread(threadId: "thread_1") { createdAt } }' }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const piece of response.setEncoding('utf8')) body += String(piece);
  expect(response.statusCode).toBe(401);
  expect(body).toContain(`The header ${name} was sent 2 times. Send it once.`);
  expect(upstream.calls).toEqual([]);
});
