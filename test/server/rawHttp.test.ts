import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Writes bytes to the server and returns the status of each response, up to the end of the connection or a second of silence. */
const statusesOf = (bytes: string) =>
  new Promise<number[]>((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let received = '';
    const finish = () => {
      socket.destroy();
      resolve([...received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status)));
    };
    socket.setTimeout(1000, finish);
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    socket.write(bytes, 'latin1');
  });

const head = (line: string, headers: readonly string[], body = '') =>
  [line, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n');

const withBody = (method: string, path: string, type: string, body: string) =>
  head(
    `${method} ${path} HTTP/1.1`,
    [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`],
    body,
  );

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'BREW'];

const PATHS = ['/', '/graphql', '/v1/assistants', '/v1/threads/runs', '/openai/threads', '/health', '/ready'];

const BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '{}',
  '{"query":null}',
  '{"query":7}',
  '{"query":"{"}',
  '{"query":"{__typename}","variables":7}',
  '{"query":"{__typename}","variables":[]}',
  '{"query":"{__typename}","operationName":7}',
  '{"query":"{__typename}","extensions":"x"}',
  '{"query":"query($a:Int){__typename}","variables":{"a":"x"}}',
  '{"query":"{__typename}","extra":1}',
  '[{"query":"{__typename}"}]',
  '\xff\xfe\x00',
  `{"query":"{${'a'.repeat(5000)}}"}`,
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  `{"metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
  `{"query":"query($a:JSON){__typename}","variables":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
  '{"__proto__":{"query":"{__typename}"}}',
];

const TYPES = [
  'application/json',
  'application/jsonfoo',
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data',
];

const QUERIES = [
  '?query=',
  '?query={__typename}&variables=x',
  '?query={__typename}&variables=[]',
  '?query={__typename}&extensions=x',
  '?query=mutation{createThread(input:{}){clientMutationId}}',
  '?query=subscription{x}',
  '?query=%ff%fe',
  '?query={__typename}&query={__typename}',
  `?query={${'a{'.repeat(2000)}`,
  '?%00',
];

const shapes: readonly (readonly [name: string, bytes: string])[] = [
  ...METHODS.flatMap((method) =>
    PATHS.map((path) => [`${method} ${path}`, head(`${method} ${path} HTTP/1.1`, [])] as const),
  ),
  ...BODIES.flatMap((body) =>
    ['/graphql', '/v1/threads'].map(
      (path) => [`POST ${path} ${body.slice(0, 40)}`, withBody('POST', path, 'application/json', body)] as const,
    ),
  ),
  ...TYPES.map((type) => [`POST as ${type}`, withBody('POST', '/graphql', type, '{"query":"{__typename}"}')] as const),
  ...QUERIES.map((query) => [`GET /graphql${query.slice(0, 60)}`, head(`GET /graphql${query} HTTP/1.1`, [])] as const),
  ...[
    '//',
    '/../',
    '/v1/../graphql',
    '/v1//assistants',
    '/v1/%2e%2e/',
    '/%',
    '/graphql#x',
    '*',
    'http://[',
    '/graphql/assets/../x',
  ].map((path) => [`the path ${path}`, head(`GET ${path} HTTP/1.1`, [])] as const),
  ['two lengths', head('POST /graphql HTTP/1.1', ['Content-Length: 1', 'Content-Length: 2'], 'xx')],
  [
    'a length and chunks',
    head('POST /graphql HTTP/1.1', ['Content-Length: 1', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ],
  ['a negative length', head('POST /graphql HTTP/1.1', ['Content-Length: -1'])],
  [
    'a broken chunk',
    head('POST /graphql HTTP/1.1', ['Content-Type: application/json', 'Transfer-Encoding: chunked'], 'zz\r\n'),
  ],
  ['no host', 'GET /graphql HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['HTTP/1.0', 'GET /health HTTP/1.0\r\n\r\n'],
  ['HTTP/9', 'GET /health HTTP/9.9\r\n\r\n'],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a header without a colon', head('GET /health HTTP/1.1', ['nonsense'])],
  ['a header of 20 KB', head('GET /health HTTP/1.1', [`x: ${'x'.repeat(20_000)}`])],
  [
    'an encoded body',
    head(
      'POST /graphql HTTP/1.1',
      ['Content-Type: application/json', 'Content-Encoding: gzip', 'Content-Length: 2'],
      '{}',
    ),
  ],
  ['an expectation', head('POST /graphql HTTP/1.1', ['Expect: 100-continue', 'Content-Length: 0'])],
  ['an unknown expectation', head('POST /graphql HTTP/1.1', ['Expect: tea', 'Content-Length: 0'])],
  ['an upgrade to nothing', head('GET /graphql HTTP/1.1', ['Upgrade: tea', 'Connection: upgrade'])],
  ['a WebSocket without a key', head('GET /graphql HTTP/1.1', ['Upgrade: websocket', 'Connection: upgrade'])],
  [
    'a WebSocket elsewhere',
    head('GET /v1 HTTP/1.1', ['Upgrade: websocket', 'Connection: upgrade', 'Sec-WebSocket-Key: x']),
  ],
];

test(`${shapes.length} shapes of requests, most of them malformed, get no 5xx and leave the server alive`, async () => {
  const wrong: string[] = [];
  for (let from = 0; from < shapes.length; from += 16) {
    const some = shapes.slice(from, from + 16);
    const statuses = await Promise.all(some.map(([, bytes]) => statusesOf(bytes)));
    statuses.forEach((got, index) => {
      if (got.some((status) => status >= 500)) wrong.push(`${some[index]?.[0]}: ${got.join()}`);
    });
  }
  expect(wrong).toEqual([]);
  expect(shapes.length).toBeGreaterThanOrEqual(130);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(server.output()).not.toMatch(/"event":"(?:internal error|request failed|crashed)"/);
});
