import { request as sendRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ MAX_BODY_BYTES: '2048' });
});
afterAll(() => server.stop());

const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, { redirect: 'manual', ...init });
const browser = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

test('with data in memory, the start says that it will be lost', () => {
  expect(server.output()).toContain('in memory only');
});

test('/health says that the process is alive', async () => {
  const answer = await get('/health');
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  expect((await get('/health', { method: 'HEAD' })).status).toBe(200);
  expect((await get('/health', { method: 'POST' })).status).toBe(405);
});

test('/ready says which engine and model answer, and what they can do', async () => {
  const answer = await get('/ready');
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    {
      status: 'ready',
      upstream: { kind: 'embedded', baseUrl: null, status: 200, problem: null },
      model: { offline: true },
      capabilities: { functionTools: true, fileSearch: true, codeInterpreter: false },
    },
  ]);
});

test('/graphql shows GraphiQL to a browser and answers GraphQL to anyone else', async () => {
  const page = await get('/graphql', browser);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('GraphiQL');

  const answer = await get('/graphql?query=%7B__typename%7D', { headers: { accept: 'application/json' } });
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
});

test('/v1 is the REST API', async () => {
  const answer = await server.rest('/assistants');
  expect([answer.status, await answer.json()]).toMatchObject([200, { object: 'list', data: [] }]);
  expect((await server.rest('/nothing-here')).status).toBe(404);
});

test('/ leads a browser to GraphiQL', async () => {
  const answer = await get('/', browser);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/graphql']);
});

test('/ names the paths to clients that are no browsers', async () => {
  const answer = await get('/');
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { paths: { '/graphql': expect.any(String), '/v1': expect.any(String), '/health': expect.any(String) } },
  ]);
  expect((await get('/', { method: 'POST' })).status).toBe(404);
});

test('a slash at the end of a path changes nothing', async () => {
  const query = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{__typename}"}' };
  expect(await (await get('/graphql/', query)).json()).toEqual({ data: { __typename: 'Query' } });
  expect(await (await get('/graphql/', browser)).text()).toContain('GraphiQL');
  expect((await get('/health/')).status).toBe(200);
});

test.each(['/nowhere', '/graphqlx', '/v1x', '/x/health', '/nowhere?x=/graphql', '//host/graphql', '/%ff%00'])(
  'nothing is at %s, and the response names what there is',
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: {
        message: expect.stringContaining('Try /graphql, /v1, /openai, /health, /ready, /metrics.'),
        type: 'invalid_request_error',
      },
    });
  },
);

test('a method that HTTP has and this server has not is refused', async () => {
  const status = await new Promise((resolve, reject) => {
    const request = sendRequest(`${server.url}/v1/assistants`, { method: 'TRACE' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.once('error', reject).end();
  });
  expect(status).toBe(405);
});

test('a GraphQL body over MAX_BODY_BYTES is refused with 413 and a GraphQL error', async () => {
  const answer = await get('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ __typename } #${'x'.repeat(2048)}` }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([
    413,
    { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  ]);
});
