import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ ALLOWED_ORIGINS: 'https://app.example' });
});
afterAll(() => server.stop());

const headersOf = ({ headers }: Response) => Object.fromEntries(headers);

const preflight = (path: string, origin: string, headers = 'authorization,content-type,openai-beta,x-stainless-os') =>
  fetch(`${server.url}${path}`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
  });

describe.each(['/graphql', '/graphql/', '/v1/assistants', '/v1/threads/thread_1/messages', '/openai/assistants'])(
  'a preflight to %s',
  (path) => {
    test.each(['http://localhost:5173', 'https://app.example'])(
      'from %s is allowed, with its headers',
      async (origin) => {
        const response = await preflight(path, origin);
        expect(response.status).toBe(204);
        expect(headersOf(response)).toMatchObject({
          'access-control-allow-origin': origin,
          'access-control-allow-headers': 'authorization,content-type,openai-beta,x-stainless-os',
          'access-control-allow-methods': expect.stringContaining('DELETE'),
        });
      },
    );

    test('from another origin is refused', async () => {
      const response = await preflight(path, 'https://evil.example');
      expect(response.status).toBe(403);
      expect(headersOf(response)).not.toHaveProperty('access-control-allow-origin');
    });
  },
);

test.each([
  ['a success', '/v1/assistants', {}, 200],
  ['an error', '/v1/assistants/asst_none', {}, 404],
  ['a missing path', '/v1/nowhere', {}, 404],
  ['a refused document', '/graphql?query={nothing}', { accept: 'application/graphql-response+json' }, 400],
])('a page may read the response to its request: %s', async (_, path, headers: Record<string, string>, status) => {
  const response = await fetch(`${server.url}${path}`, {
    headers: { origin: 'https://app.example', 'openai-beta': 'assistants=v2', ...headers },
  });
  expect(response.status).toBe(status);
  expect(headersOf(response)).toMatchObject({
    'access-control-allow-origin': 'https://app.example',
    'access-control-expose-headers': expect.stringContaining('x-request-id'),
    vary: expect.stringContaining('Origin'),
  });
});

test('the REST API refuses requests of foreign pages, like the graph', async () => {
  const response = await fetch(`${server.url}/v1/threads`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'openai-beta': 'assistants=v2' },
  });
  expect([response.status, await response.json()]).toMatchObject([
    403,
    { error: { message: expect.stringContaining('ALLOWED_ORIGINS') } },
  ]);
});
