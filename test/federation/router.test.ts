import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { startUpstream, type TestUpstream } from '../support/upstream.ts';

const secret = 'shared-0123456789';

let upstream: TestUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startUpstream({ 'GET /threads/thread_1': { id: 'thread_1', object: 'thread', created_at: 0 } });
  server = await startServer({
    ASSISTANTS_BASE_URL: upstream.url,
    SUBGRAPH: 'on',
    ROUTER_SECRET: secret,
    LOG_LEVEL: 'debug',
  });
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

const document = '{ thread(threadId: "thread_1") { createdAt } }';

test.each([
  ['without the secret', {}],
  ['with another one', { 'router-authorization': 'shared-9876543210' }],
  ['with a part of it', { 'router-authorization': secret.slice(0, -1) }],
  ['with the secret as its own Authorization', { authorization: secret }],
])('a request %s is refused before it costs anything', async (_how, headers) => {
  const response = await post(document, headers);
  expect([response.status, await response.json()]).toEqual([
    401,
    {
      errors: [
        {
          message:
            'This subgraph accepts requests from its router only: router-authorization must hold the secret that both share.',
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    },
  ]);
  expect(upstream.paths()).toEqual([]);
});

test('the requests of a router succeed, and neither of the two secrets reaches the upstream or the log', async () => {
  const headers = { 'router-authorization': secret, authorization: 'Bearer own-key' };
  expect(await server.graphql(document, {}, headers)).toEqual({
    data: { thread: { createdAt: '1970-01-01T00:00:00.000Z' } },
  });

  const [call] = upstream.calls;
  expect(call?.headers.authorization).toBe('Bearer own-key');
  expect(JSON.stringify(call)).not.toContain(secret);
  expect(server.output()).not.toContain(secret);
});

test('without node and nodes, entities can still be resolved by their global ids', async () => {
  const refetch = '{ node(id: "VGhyZWFkOnRocmVhZF8x") { id } }';
  const entity =
    '{ _entities(representations: [{ __typename: "Thread", id: "VGhyZWFkOnRocmVhZF8x" }]) { __typename } }';
  const headers = { 'router-authorization': secret };

  const refused = await server.graphql(refetch, {}, headers);
  expect(refused.errors?.[0]?.message).toContain('Cannot query field "node" on type "Query"');
  expect(await server.graphql(entity, {}, headers)).toEqual({ data: { _entities: [{ __typename: 'Thread' }] } });
});

const post = (query: string, headers: Record<string, string>) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
