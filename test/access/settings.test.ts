import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/cli/config.ts';
import { settingsErrorOf } from '../support/settingsError.ts';
import { runServer } from '../support/server.ts';

const TOKEN = 'token-of-alice-0123456789';
const UPSTREAM = { ASSISTANTS_BASE_URL: 'https://assistants.example/v1' };
const JWT = { ACCESS: 'server', ACCESS_JWKS_URL: 'https://id.example/keys' };

test.each<[what: string, env: Record<string, string>, problem: string]>([
  ['a mode that does not exist', { ACCESS: 'closed' }, 'ACCESS must be one of open, server, forward'],
  ['open to the network, said once', { HOST: '0.0.0.0' }, 'set ACCESS_OPEN_TO_NETWORK=on if everyone may use the key'],
  ['open to the network by IPv6', { HOST: '::' }, 'ACCESS=open does not authenticate clients'],
  ['open to the network by a name', { HOST: 'graph.example' }, 'ACCESS=open does not authenticate clients'],
  ['server without tokens', { ACCESS: 'server' }, 'ACCESS=server needs tokens'],
  ['tokens without server', { ACCESS_TOKENS: `{"alice":"${TOKEN}"}` }, 'only have an effect with ACCESS=server'],
  ['keys without server', { ACCESS_JWKS_URL: 'https://id.example/keys' }, 'only have an effect with ACCESS=server'],
  ['keys without issuer and audience', JWT, 'ACCESS_JWKS_URL needs ACCESS_JWT_ISSUER and ACCESS_JWT_AUDIENCE'],
  ['keys without audience', { ...JWT, ACCESS_JWT_ISSUER: 'https://id.example' }, 'and ACCESS_JWT_AUDIENCE'],
  ['keys by plain HTTP', { ...JWT, ACCESS_JWKS_URL: 'http://id.example/keys' }, 'ACCESS_JWKS_URL must be an https URL'],
  ['keys behind a password', { ...JWT, ACCESS_JWKS_URL: 'https://a:b@id.example/' }, 'without user name and password'],
  ['forward without an upstream', { ACCESS: 'forward' }, 'ACCESS=forward needs ASSISTANTS_BASE_URL'],
  [
    'forward with a key',
    { ACCESS: 'forward', ...UPSTREAM, ASSISTANTS_API_KEY: TOKEN },
    'never sends a key of the server',
  ],
  [
    "forward with Azure's key",
    { ACCESS: 'forward', ...UPSTREAM, ASSISTANTS_HEADERS: `{"API-Key":"${TOKEN}"}` },
    'never sends a key of the server',
  ],
  [
    'tokens that are no JSON',
    { ACCESS: 'server', ACCESS_TOKENS: TOKEN },
    'ACCESS_TOKENS must be a JSON object of names',
  ],
  [
    'tokens that are a list',
    { ACCESS: 'server', ACCESS_TOKENS: `["${TOKEN}"]` },
    'ACCESS_TOKENS must be a JSON object',
  ],
  ['no tokens', { ACCESS: 'server', ACCESS_TOKENS: '{}' }, 'ACCESS_TOKENS must be a JSON object'],
  [
    'a short token',
    { ACCESS: 'server', ACCESS_TOKENS: '{"alice":"alice-0123"}' },
    '16 or more printable ASCII characters',
  ],
  ['a name with a colon', { ACCESS: 'server', ACCESS_TOKENS: `{"jwt:alice":"${TOKEN}"}` }, 'letters, digits, _ . -'],
  ['one token twice', { ACCESS: 'server', ACCESS_TOKENS: `{"a":"${TOKEN}","b":"${TOKEN}"}` }, 'hold a token twice'],
  [
    'a file that is not there',
    { ACCESS: 'server', ACCESS_TOKENS_FILE: '/nowhere' },
    'ACCESS_TOKENS_FILE must be a readable file',
  ],
])('%s is refused at the start with what to do, and without a token', (_, env, problem) => {
  const refused = settingsErrorOf(env);
  expect(refused).toContain(problem);
  expect(refused).not.toContain(TOKEN);
  expect(refused).not.toContain('alice-0123');
});

test('a start that would serve the network without authentication is one line and exit code 1', async () => {
  const { code, stdout, stderr } = await runServer({ HOST: '0.0.0.0' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^HOST can be reached from other machines, .* set ACCESS_OPEN_TO_NETWORK=on .*\n$/);
});

test.each<Record<string, string>>([
  {},
  { HOST: '::1' },
  { HOST: 'localhost' },
  { HOST: '0.0.0.0', ACCESS_OPEN_TO_NETWORK: 'on' },
  { HOST: '0.0.0.0', ACCESS: 'server', ACCESS_TOKENS: `{"alice":"${TOKEN}"}` },
  { HOST: '0.0.0.0', ACCESS: 'forward', ...UPSTREAM },
  { ACCESS: 'forward', ...UPSTREAM, ASSISTANTS_HEADERS: '{"x-team":"red"}' },
  {
    ...JWT,
    ACCESS_JWT_ISSUER: 'https://id.example',
    ACCESS_JWT_AUDIENCE: 'graph',
    ACCESS_JWKS_URL: 'http://[::1]:9/k',
  },
])('%o is allowed', (env) => {
  expect(settingsErrorOf(env)).toBe('accepted');
});

test('tokens come from the setting and from a file, several to a name, and are kept out of every output', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tokens.json');
  writeFileSync(file, '{"bob":"token-of-bob-0123456789"}\n');
  const config = readConfig({
    ACCESS: 'server',
    ACCESS_TOKENS: `{"alice":["${TOKEN}","older-token-of-alice"]}`,
    ACCESS_TOKENS_FILE: file,
  });
  expect([...config.accessTokens, ...config.accessTokensFile].map(({ name }) => name)).toEqual([
    'alice',
    'alice',
    'bob',
  ]);
  expect(secretsOf(config)).toEqual([TOKEN, 'older-token-of-alice', 'token-of-bob-0123456789']);
});
