import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { raw, refusal, reply, startUpstream, type TestUpstream } from '../support/upstream.ts';

const secrets = ['sk-0123456789', 'azure-9876543210', 'parameter-4711'];
const settings = {
  ASSISTANTS_API_KEY: 'sk-0123456789',
  ASSISTANTS_HEADERS: '{"Api-Key":"azure-9876543210"}',
  ASSISTANTS_QUERY: 'api-version=2024-05-01-preview&subscription-key=parameter-4711',
  LOG_LEVEL: 'debug',
};

let answer: () => unknown;
let upstream: TestUpstream;
let server: RunningServer;

beforeAll(async () => {
  upstream = await startUpstream(() => answer());
  server = await startServer({ ...settings, ASSISTANTS_BASE_URL: `${upstream.url}/openai/` });
});
beforeEach(() => {
  upstream.calls.length = 0;
  answer = () => ({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
});
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

test('in front of another server, the start names it, and that our own /v1 is off', () => {
  expect(server.output()).toContain(`${upstream.url}/openai\n`);
  expect(server.output()).toContain('off, since ASSISTANTS_BASE_URL is set\n');
  expect(server.output()).not.toContain('offline');
});

test('the key, the extra headers and the extra query parameters go to the upstream', async () => {
  expect(await server.graphql('{ assistants(first: 1) { nodes { assistantId } } }')).toEqual({
    data: { assistants: { nodes: [] } },
  });

  expect(upstream.calls).toHaveLength(1);
  expect(upstream.calls[0]).toMatchObject({
    path: '/openai/assistants',
    query: { 'api-version': '2024-05-01-preview', 'subscription-key': 'parameter-4711' },
    headers: { authorization: 'Bearer sk-0123456789', 'api-key': 'azure-9876543210' },
  });
});

test("a client's own Authorization goes to the upstream in place of the configured key", async () => {
  await server.graphql('{ assistants(first: 1) { nodes { assistantId } } }', {}, { authorization: 'Bearer own-key' });
  expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer own-key']);
});

test('/v1 says that the embedded engine is off', async () => {
  const refused = await server.rest('/assistants');
  expect([refused.status, await refused.json()]).toEqual([
    404,
    {
      error: {
        message: 'The embedded engine is off, because ASSISTANTS_BASE_URL is set.',
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    },
  ]);
});

const echo = `It was ${secrets.join(' and ')}`;

test.each([
  ['refuses the key, naming it', () => refusal(401, echo)],
  ['fails, naming it', () => refusal(500, echo)],
  [
    'answers with a web page that names it',
    () => reply({ body: `<p>${echo}</p>`, headers: { 'content-type': 'text/html' } }),
  ],
  ['redirects to where it is named', () => reply({ status: 302, headers: { location: `/?${echo}` } })],
  ['answers with JSON of a wrong shape', () => [echo]],
  ['hangs up', () => raw((response) => void response.destroy())],
])('no key is in what the server writes or answers when the upstream %s', async (_how, misbehaviour) => {
  answer = misbehaviour;
  const heard = await everyKindOfRequest(server);
  for (const secret of secrets) expect(heard + server.output()).not.toContain(secret);
});

test('no key is in what the server writes or answers when nobody is upstream', async () => {
  const gone = await startUpstream({});
  await gone.close();
  const alone = await startServer({ ...settings, ASSISTANTS_BASE_URL: gone.url });
  const heard = await everyKindOfRequest(alone);
  await alone.stop();
  expect(heard).toContain('UPSTREAM_UNAVAILABLE');
  for (const secret of secrets) expect(heard + alone.output()).not.toContain(secret);
});

const everyKindOfRequest = async ({ url, graphql, rest }: RunningServer) => {
  const heard = [
    JSON.stringify(await graphql('{ assistant(assistantId: "asst_1") { name } }')),
    JSON.stringify(await graphql('mutation { createThread(input: {}) { thread { threadId } } }')),
    await (await rest('/assistants')).text(),
    await (await fetch(`${url}/ready`)).text(),
    await (await fetch(`${url}/graphql`, { method: 'POST', body: 'no JSON' })).text(),
  ];
  expect(heard[0]).toContain('errors');
  expect(heard[1]).toContain('errors');
  return heard.join('\n');
};
