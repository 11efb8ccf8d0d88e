import { once } from 'node:events';
import { Agent, type IncomingMessage, request as sendRequest, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const send = async (options: RequestOptions, body = '') => {
  const { hostname, port } = new URL(server.url);
  const sent = sendRequest({ hostname, port, ...options });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
};

const json = { 'content-type': 'application/json' };
const typename = { status: 200, body: '{"data":{"__typename":"Query"}}' };

test.each([
  ['absolute form', 'http://example.com/graphql?query={__typename}'],
  ['absolute form with a slash at the end', 'http://example.com:81/graphql/?query={__typename}'],
])('a target in %s is served by its path', async (_, path) => {
  expect(await send({ path })).toEqual(typename);
  expect(await send({ path: 'http://example.com' })).toMatchObject({ status: 200 });
});

test('a query may contain question marks', async () => {
  const { body } = await send({ path: '/graphql?query={node(id:%22a?b%22){id}}' });
  expect(JSON.parse(body).errors[0].message).toContain('"a?b" is not a global ID');
});

/** What the HTTP client of Java sends first on every connection without TLS. */
const upgrade = {
  connection: 'Upgrade, HTTP2-Settings',
  upgrade: 'h2c',
  'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA',
};

test.each([
  ['short', 10],
  ['long', 3_000_000],
])('a request that asks for HTTP/2, with a %s body, is served over HTTP/1.1', async (_, length) => {
  const body = JSON.stringify({ query: '{ __typename }', variables: { text: 'é'.repeat(length) } });
  expect(await send({ method: 'POST', path: '/graphql', headers: { ...json, ...upgrade } }, body)).toEqual(typename);
  expect(await send({ path: '/health', headers: upgrade })).toEqual({ status: 200, body: '{"status":"ok"}\n' });
});

test('requests that ask for HTTP/2 again and again are served on one connection', async () => {
  const { hostname, port } = new URL(server.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  for (let count = 0; count < 3; count += 1) {
    const sent = sendRequest({
      hostname,
      port,
      agent,
      path: '/health',
      headers: { upgrade: 'h2c', connection: 'keep-alive, Upgrade' },
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    ports.add(response.socket.localPort);
    expect(await text(response)).toBe('{"status":"ok"}\n');
  }
  agent.destroy();
  expect(ports.size).toBe(1);
});
