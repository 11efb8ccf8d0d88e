import { expect, test } from 'vitest';
import { createRestClient } from '../../src/rest/client.ts';
import { transport } from '../support/transport.ts';
import { createRest } from '../../src/rest/rest.ts';
import { startUpstream } from '../support/upstream.ts';
import { restOver } from './restOver.ts';

const fetch = transport({ maxSockets: 1 });

test.each(['/v1', '/v1/', '/v1//', '/v1?', '/v1#part'])(
  '%j at the end of a base URL makes /v1/threads/t1',
  async (end) => {
    const upstream = await startUpstream({ 'GET /v1/threads/t1': { id: 't1' } });
    const { rest } = await restOver({}, { baseUrl: upstream.url + end });

    await rest.threads.retrieve('t1');

    expect(upstream.paths()).toEqual(['GET /v1/threads/t1']);
    await upstream.close();
  },
);

test('the configured headers and query parameters are sent with every call', async () => {
  const upstream = await startUpstream(() => ({ data: [], has_more: false }));
  const { rest } = await restOver(
    {},
    {
      baseUrl: `${upstream.url}/openai?tenant=a%20b`,
      headers: { 'API-Key': 'k-1234567' },
      query: { 'api-version': '2024-05-01-preview' },
    },
  );

  await rest.runs.list('t1', {});
  await rest.runs.list('t1', { limit: 3 });

  expect(upstream.paths()).toEqual([
    'GET /openai/threads/t1/runs?tenant=a b&api-version=2024-05-01-preview',
    'GET /openai/threads/t1/runs?tenant=a b&api-version=2024-05-01-preview&limit=3',
  ]);
  expect(upstream.calls[0]?.headers['api-key']).toBe('k-1234567');
  await upstream.close();
});

test('configured headers replace the default ones, whatever their case', async () => {
  const { rest, upstream } = await restOver(() => ({ id: 't1' }), { headers: { 'OpenAI-Beta': 'assistants=v3' } });

  await rest.threads.retrieve('t1');

  expect(upstream.calls[0]?.headers['openai-beta']).toBe('assistants=v3');
});

test('credentials in a base URL are sent as a header and not in the URL', async () => {
  const upstream = await startUpstream(() => ({ id: 't1' }));
  const baseUrl = upstream.url.replace('http://', 'http://ann:p%40ss@');
  const urls: string[] = [];
  const { rest } = await restOver(
    {},
    {
      baseUrl,
      fetch: (url, init) => {
        urls.push(url);
        return fetch(url, init);
      },
    },
  );

  await rest.threads.retrieve('t1');

  expect(upstream.calls[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
  expect(urls).toEqual([`${upstream.url}/threads/t1`]);
  await upstream.close();
});

test.each(['', 'localhost:4000', '/v1', 'ftp://example.org', 'http://'])('the base URL %j is an error', (baseUrl) => {
  expect(() => createRestClient({ baseUrl, fetch, timeoutMs: 1 })).toThrow(
    'The base URL must be absolute and begin with http:// or https://',
  );
});

test('a password with invalid percent-encoding is an error that does not show it', () => {
  const baseUrl = 'http://ann:100%hush@localhost';
  const make = () => createRestClient({ baseUrl, fetch, timeoutMs: 1 });

  expect(make).toThrow('The user name or the password in the base URL has a % that does not begin');
  expect(make).not.toThrow('hush');
});

test.each([
  ['x-key', 'k-12345\n'],
  ['x key', 'k-12345'],
])('a header that HTTP does not allow is an error with its name and without its value', (name, value) => {
  const make = () => createRestClient({ baseUrl: 'http://localhost', headers: { [name]: value }, fetch, timeoutMs: 1 });

  expect(make).toThrow(`The header "${name}" has a name or a value with characters that HTTP does not allow`);
  expect(make).not.toThrow('k-12345');
});

test('calls can go to a fetch function in the same process', async () => {
  const client = createRestClient({
    baseUrl: 'http://engine.local/v1',
    fetch: async (url, init) => {
      const request = new Request(url, init);
      return Response.json({ id: 't1', asked: `${request.method} ${request.url}`, body: await request.json() });
    },
    timeoutMs: 1_000,
  });

  expect(await createRest(client).threads.modify('t1', {})).toEqual({
    id: 't1',
    asked: 'POST http://engine.local/v1/threads/t1',
    body: {},
  });
});
