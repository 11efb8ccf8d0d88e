import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { raw, reply, startUpstream } from '../support/upstream.ts';
import { ALICE, bearer, startApp, TOKENS } from './apps.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'graph';

const keys = await generateKeyPair('ES256', { extractable: true });
const otherKeys = await generateKeyPair('ES256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256' }] };

/** A valid token, but for what is given. */
const tokenWith = (claims: JWTPayload = {}, { key = keys.privateKey, kid = 'one', expires = '5m' } = {}) =>
  new SignJWT({ sub: 'ann', iss: ISSUER, aud: AUDIENCE, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setExpirationTime(expires)
    .sign(key);

/** The server, and the server that has the keys. */
const started = async (keysRoute: () => unknown = () => jwks, env: Record<string, string> = {}) => {
  const issuer = await startUpstream({ 'GET /keys': keysRoute });
  onTestFinished(() => issuer.close());
  const app = await startApp({
    ...TOKENS,
    ACCESS_JWKS_URL: `${issuer.url}/keys`,
    ACCESS_JWT_ISSUER: ISSUER,
    ACCESS_JWT_AUDIENCE: AUDIENCE,
    ...env,
  });
  return { ...app, issuer, list: (token: string) => app.rest('GET', '/assistants', bearer(token)) };
};

test('a valid token is accepted, and its keys are read once for any number of tokens', async () => {
  const { list, issuer } = await started();

  const tokens = await Promise.all(['ann', 'ben', 'cem', 'dan'].map((sub) => tokenWith({ sub })));
  for (const response of await Promise.all([...tokens, ...tokens].map(list))) expect(response.status).toBe(200);
  for (const token of tokens) expect((await list(token)).status).toBe(200);
  expect(issuer.calls).toHaveLength(1);
});

test('static tokens are accepted next to it, and need no keys', async () => {
  const { list, issuer } = await started();

  expect((await list(ALICE)).status).toBe(200);
  expect((await list('wrong')).status).toBe(401);
  expect(issuer.calls).toEqual([]);
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each<[what: string, token: () => Promise<string> | string]>([
  ['of another issuer', () => tokenWith({ iss: 'https://other.example' })],
  ['for another audience', () => tokenWith({ aud: 'other' })],
  ['without an audience', () => tokenWith({ aud: [] })],
  ['that has expired', () => tokenWith({}, { expires: '-1m' })],
  ['that is not valid yet', () => tokenWith({ nbf: Date.now() / 1000 + 600 })],
  ['signed by another key', () => tokenWith({}, { key: otherKeys.privateKey })],
  ['of an unknown key', () => tokenWith({}, { kid: 'two' })],
  [
    'without the claim of the tenant',
    () =>
      new SignJWT({ iss: ISSUER, aud: AUDIENCE })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setExpirationTime('5m')
        .sign(keys.privateKey),
  ],
  ['with a number for a tenant', () => tokenWith({ ...JSON.parse('{"sub":7}') })],
  ['with an empty tenant', () => tokenWith({ sub: '' })],
  [
    'without an end',
    () =>
      new SignJWT({ sub: 'ann', iss: ISSUER, aud: AUDIENCE })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(keys.privateKey),
  ],
  [
    'without a signature',
    () => `${part({ alg: 'none' })}.${part({ sub: 'ann', iss: ISSUER, aud: AUDIENCE, exp: Date.now() / 1000 + 60 })}.`,
  ],
  [
    'signed with the public key as a shared secret',
    () =>
      new SignJWT({ sub: 'ann', iss: ISSUER, aud: AUDIENCE })
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .setExpirationTime('5m')
        .sign(Buffer.from(JSON.stringify(jwks.keys[0]))),
  ],
  ['that was changed', async () => (await tokenWith()).replace(/\.[^.]*\./, `.${part({ sub: 'root' })}.`)],
])('a token %s is refused with status 401', async (_, token) => {
  const { list } = await started();

  const refused = await list(await token());
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  expect(await refused.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
});

test('tokens of unknown keys do not have the keys read again and again', async () => {
  const { list, issuer } = await started();

  for (let n = 0; n < 20; n += 1) expect((await list(await tokenWith({}, { kid: `kid-${n}` }))).status).toBe(401);
  expect(issuer.calls).toHaveLength(1);
});

test.each<[what: string, route: () => unknown]>([
  ['are refused', () => reply({ status: 500 })],
  ['are elsewhere', () => reply({ status: 302, headers: { location: '/elsewhere' } })],
  ['are a web page', () => reply({ body: '<p>' })],
  ['are none', () => ({ keys: 'none' })],
  ['have no end', () => raw((response) => void response.write('['.repeat(2_000_000)))],
  ['break off', () => raw((response) => void response.destroy())],
])(
  'if the keys %s, tokens get status 503, the keys are not asked for each time, and the log says why',
  async (_, route) => {
    const { list, issuer, logged } = await started(route);

    for (let n = 0; n < 5; n += 1) {
      const refused = await list(await tokenWith());
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    }
    expect(issuer.calls).toHaveLength(1);
    expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([
      expect.stringContaining('token keys unreadable'),
    ]);
  },
);

test('the claim of the tenant is a setting', async () => {
  const { list } = await started(() => jwks, { ACCESS_JWT_TENANT_CLAIM: 'org_id' });

  expect((await list(await tokenWith())).status).toBe(401);
  expect((await list(await tokenWith({ org_id: 'org' }))).status).toBe(200);
});

test('a WebSocket is closed when its token expires', async () => {
  const { graphqlUrl } = await started();
  const connectionParams = bearer(await tokenWith({}, { expires: '2s' }));

  const reason = await new Promise((resolve) => {
    const on = { closed: resolve };
    createClient({
      url: graphqlUrl.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams,
      lazy: false,
      on,
    });
  });
  expect(reason).toMatchObject({ code: 4403, reason: 'The token has expired' });
});

/** Makes the offline model take longer than the token is valid. */
const SLOW = 'Please take 20 seconds.';

test.each<[what: string, open: (app: Awaited<ReturnType<typeof started>>, token: string) => Promise<Response>]>([
  [
    'of a subscription',
    async ({ rest, graphqlUrl }, token) => {
      const assistant = await idIn(rest('POST', '/assistants', bearer(token), { model: 'm' }));
      const body = { assistant_id: assistant, thread: { messages: [{ role: 'user', content: SLOW }] } };
      const run: { id: string; thread_id: string } = await (
        await rest('POST', '/threads/runs', bearer(token), body)
      ).json();
      const query = `subscription { runUpdates(threadId: "${run.thread_id}", runId: "${run.id}") { status } }`;
      return fetch(graphqlUrl, {
        method: 'POST',
        headers: { ...bearer(token), 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query }),
      });
    },
  ],
  [
    'of a run',
    async ({ rest }, token) => {
      const assistant = await idIn(rest('POST', '/assistants', bearer(token), { model: 'm' }));
      const thread = { messages: [{ role: 'user', content: SLOW }] };
      return rest('POST', '/threads/runs', bearer(token), { assistant_id: assistant, thread, stream: true });
    },
  ],
])('an event stream %s ends when its token expires', async (_, open) => {
  const app = await started();
  const response = await open(app, await tokenWith({}, { expires: '2s' }));

  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).toMatch(/queued|in_progress|QUEUED|IN_PROGRESS/);
  expect(text).not.toMatch(/run\.completed|COMPLETED/);
});

const idIn = async (created: Promise<Response>): Promise<string> => {
  const { id }: { id: string } = await (await created).json();
  return id;
};
