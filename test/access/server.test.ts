import OpenAI, { AuthenticationError } from 'openai';
import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { assistant } from '../graph/fixtures.ts';
import { transports } from '../pipeline/transports.ts';
import { startUpstream } from '../support/upstream.ts';
import { ALICE, BOB, bearer, startApp, TOKENS } from './apps.ts';

const query = '{ assistant(assistantId: "asst_1") { name } }';

/** The graph over an upstream that knows one assistant, with a key that the client must never see. */
const started = async (env: Record<string, string> = {}) => {
  const upstream = await startUpstream({ 'GET /assistants/asst_1': assistant });
  const app = await startApp({
    ...TOKENS,
    ASSISTANTS_BASE_URL: upstream.url,
    ASSISTANTS_API_KEY: 'key-of-the-server',
    ...env,
  });
  return { ...app, upstream };
};

const credentialsSent = ({ calls }: { calls: { headers: Record<string, unknown> }[] }) =>
  calls.map(({ headers }) => [headers['authorization'], headers['api-key']]);

describe.each(transports)('a client that has to authenticate, by %s', (transport, send) => {
  test.each([
    ['none', {}],
    ['an empty one', { authorization: '' }],
    ['one that nobody has', bearer('token-of-nobody-0123456789')],
    ['a prefix of one', bearer(ALICE.slice(0, -1))],
    ['one with more behind it', bearer(`${ALICE}0`)],
    ['two', { authorization: `Bearer ${ALICE} ${BOB}` }],
    ['one as a password', { authorization: `Basic ${Buffer.from(`:${ALICE}`).toString('base64')}` }],
    ['the bare token', { authorization: ALICE }],
    ['a wrong one next to a right one', { authorization: 'Bearer wrong', 'api-key': ALICE }],
    ['a right one next to another one', { ...bearer(ALICE), 'api-key': BOB }],
    ['the key of the server', bearer('key-of-the-server')],
  ])('is refused with %s for a token, and nothing is asked of the upstream', async (_, headers) => {
    const { graphqlUrl, upstream } = await started();

    const { errors, data } = await send(graphqlUrl, { query, headers });
    expect(data).toBeUndefined();
    const [{ message, extensions } = { message: 'none' }] = errors ?? [];
    expect(transport === 'a WebSocket' ? message : extensions?.['code']).toMatch(
      /^closed with 4403$|^UNAUTHENTICATED$/,
    );
    expect(JSON.stringify(errors)).not.toContain('token-of-');
    expect(upstream.calls).toEqual([]);
  });

  test.each([
    ['as a bearer token', bearer(ALICE)],
    ['in any case of the scheme', { authorization: `bearer ${BOB}` }],
    ["as Azure's clients send it", { 'api-key': BOB }],
  ])("is served with its token %s, and the server's key goes upstream instead of it", async (_, headers) => {
    const { graphqlUrl, upstream, logged } = await started();

    expect(await send(graphqlUrl, { query, headers })).toEqual({ data: { assistant: { name: assistant.name } } });
    expect(credentialsSent(upstream)).toEqual([['Bearer key-of-the-server', undefined]]);
    expect(JSON.stringify(upstream.calls) + logged.join('')).not.toContain('token-of-');
  });
});

test.each([
  { authorization: `Bearer ${ALICE}` },
  { 'api-key': ALICE },
  { headers: { Authorization: `Bearer ${ALICE}` } },
])('a WebSocket may bring the token as connectionParams', async (connectionParams) => {
  const { graphqlUrl, upstream } = await started();
  const client = createClient({ url: graphqlUrl.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams });
  for await (const result of client.iterate({ query })) {
    expect(result).toEqual({ data: { assistant: { name: assistant.name } } });
  }
  await client.dispose();
  expect(credentialsSent(upstream)).toEqual([['Bearer key-of-the-server', undefined]]);
});

test('a refusal of the graph has status 401 and asks for a bearer token', async () => {
  const { graphqlUrl } = await started();
  const refused = (headers: Record<string, string>) =>
    fetch(graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });

  const [without, wrong] = [await refused({}), await refused(bearer('wrong'))];
  expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
});

describe('at /v1', () => {
  test("the official SDK's apiKey is the token", async () => {
    const { url } = await startApp(TOKENS);
    const sdk = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }).beta;

    const { id } = await sdk(ALICE).assistants.create({ model: 'm', name: 'One' });
    expect(await sdk(ALICE).assistants.retrieve(id)).toMatchObject({ name: 'One' });
    const refused = await sdk('wrong')
      .assistants.retrieve(id)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' });
  });

  test.each([
    ['no token', {}, 'Bearer'],
    ['a wrong token', { 'api-key': 'wrong' }, 'Bearer error="invalid_token"'],
  ])(
    '%s is refused in the envelope of the REST API, for paths that do not exist too',
    async (_, headers, challenge) => {
      const { rest } = await startApp(TOKENS);
      for (const [method, path] of [
        ['GET', '/assistants'],
        ['POST', '/threads'],
        ['GET', '/nowhere'],
      ] as const) {
        const refused = await rest(method, path, headers);
        expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, challenge]);
        expect(await refused.json()).toEqual({
          error: { message: expect.any(String), type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
        });
      }
    },
  );

  test('a preflight needs no token, as browsers send none with it', async () => {
    const { url } = await startApp(TOKENS);
    const preflight = await fetch(`${url}/v1/assistants`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
  });
});

test('GraphiQL and the probes are served without a token', async () => {
  const { url } = await startApp(TOKENS);
  for (const path of ['/graphql', '/health', '/ready']) {
    expect((await fetch(`${url}${path}`, { headers: { accept: 'text/html' } })).status).toBe(200);
  }
});
