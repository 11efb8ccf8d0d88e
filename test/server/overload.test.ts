import { Agent, request as sendRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { raw, startUpstream, type TestUpstream } from '../support/upstream.ts';

/** A server that may execute one operation at a time, and one that is being executed until `release` is called. */
let server: RunningServer;
let upstream: TestUpstream;
let release: () => void;
let first: Promise<unknown>;

beforeAll(async () => {
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  upstream = await startUpstream({
    'GET /assistants': { object: 'list', data: [], has_more: false },
    'GET /assistants/asst_1': () =>
      raw(async (response) => {
        await released;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ id: 'asst_1', object: 'assistant', created_at: 0, name: 'Ada' }));
      }),
  });
  server = await startServer({ ASSISTANTS_BASE_URL: upstream.url, MAX_CONCURRENT_OPERATIONS: '1', METRICS: 'on' });
  first = server.graphql('{ assistant(assistantId: "asst_1") { name } }');
  await vi.waitUntil(() => upstream.calls.length === 1, { timeout: 20_000 });
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

/** What comes back over a connection of its own that is used for all of `requests`, and how many connections that took. */
const sentOneByOne = async (requests: readonly { method: string; path: string; body?: string }[]) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const received: { status: number | undefined; retryAfter: string | undefined; body: string }[] = [];
  for (const { method, path, body = '' } of requests) {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    received.push(
      await new Promise((resolve, reject) => {
        const sending = sendRequest(`${server.url}${path}`, { agent, method, headers }, (response) => {
          ports.add(response.socket.localPort);
          const { statusCode: status, headers: own } = response;
          const result = text(response).then((all) => ({ status, retryAfter: own['retry-after'], body: all }));
          resolve(result);
        });
        sending.once('error', reject).end(body);
      }),
    );
  }
  agent.destroy();
  return { received, connections: ports.size };
};

const operation = { method: 'POST', path: '/graphql', body: JSON.stringify({ query: '{ __typename }' }) };

test('requests beyond the capacity are refused before they are read, and their connection is used on', async () => {
  // Not JSON: nobody looks.
  const { received, connections } = await sentOneByOne([
    operation,
    { ...operation, body: 'x'.repeat(60_000) },
    operation,
  ]);
  expect(received).toEqual(
    Array.from({ length: 3 }, () => ({ status: 503, retryAfter: '1', body: expect.stringContaining('"OVERLOADED"') })),
  );
  expect(connections).toBe(1);
});

test('so are requests to the REST API, with an error in its own form', async () => {
  const { received } = await sentOneByOne([{ method: 'GET', path: '/v1/assistants' }]);
  expect(received).toMatchObject([{ status: 503, retryAfter: '1' }]);
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ error: { type: 'server_error' } });
});

test('the probes and the metrics are served nevertheless, and count what was refused', async () => {
  const { received } = await sentOneByOne(['/health', '/ready', '/metrics'].map((path) => ({ method: 'GET', path })));
  expect(received.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(received[1]?.body).toContain('"upstream"');
  expect(received[2]?.body).toMatch(/rejections_total\{code="OVERLOADED"\} [1-9]/);
});

test('a client that has sent the head of its request and not its body keeps nobody out', async () => {
  release();
  expect(await first).toEqual({ data: { assistant: { name: 'Ada' } } });
  const slow = sendRequest(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': operation.body.length },
  });
  slow.flushHeaders();
  const responded = new Promise<number | undefined>((resolve, reject) => {
    slow.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
  const statuses = async () => (await sentOneByOne([operation, operation])).received.map(({ status }) => status);
  // It takes the server a moment to notice that there is no body yet.
  await vi.waitFor(async () => expect(await statuses()).toEqual([200, 200]), { timeout: 10_000 });

  slow.end(operation.body);
  expect(await responded).toBe(200);
});
