import { expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { settingsErrorOf } from '../support/settingsError.ts';
import { runServer } from '../support/server.ts';

test.each([
  ['PORT', '70000', 'PORT must be a whole number from 0 to 65535, got "70000"'],
  ['PORT', '80a', 'PORT must be a whole number from 0 to 65535, got "80a"'],
  ['PORT', '-1', 'PORT must be a whole number from 0 to 65535, got "-1"'],
  ['HOST', 'http://localhost', 'HOST must be a host name or an IP address, without scheme or port, got'],
  ['ASSISTANTS_BASE_URL', 'localhost:4000/v1', 'ASSISTANTS_BASE_URL must be an http or https URL such as'],
  ['ASSISTANTS_BASE_URL', 'ftp://host/v1', 'got "ftp://host/v1"'],
  ['ASSISTANTS_BASE_URL', 'https://', 'ASSISTANTS_BASE_URL must be an http or https URL such as'],
  ['ASSISTANTS_BASE_URL', 'https://host/v1?api-version=1', 'without query or fragment'],
  ['ASSISTANTS_BASE_URL', 'https://user:hunter2@host/v1', 'without user name and password'],
  ['ASSISTANTS_API_KEY', 'two words', 'ASSISTANTS_API_KEY must be one word of printable ASCII characters'],
  ['ASSISTANTS_HEADERS', 'api-key: hunter2', 'ASSISTANTS_HEADERS must be a JSON object of header names'],
  ['ASSISTANTS_HEADERS', '["hunter2"]', 'ASSISTANTS_HEADERS must be a JSON object'],
  ['ASSISTANTS_HEADERS', '{"api-key":7}', 'ASSISTANTS_HEADERS must be a JSON object'],
  ['ASSISTANTS_HEADERS', '{"api key":"hunter2"}', 'ASSISTANTS_HEADERS must be a JSON object'],
  ['ASSISTANTS_HEADERS', '{"api-key":"hunter2\\n"}', 'ASSISTANTS_HEADERS must be a JSON object'],
  ['ASSISTANTS_QUERY', 'code=hunter2&code=3', 'ASSISTANTS_QUERY must be URL query parameters, each name once'],
  ['ALLOWED_ORIGINS', 'https://app.example/path', 'ALLOWED_ORIGINS must be origins separated by commas, such as'],
  ['ALLOWED_HOSTS', 'a.example,b.example:80', 'ALLOWED_HOSTS must be host names without scheme or port, separated by'],
  ['ASSISTANTS_QUERY', '=hunter2', 'ASSISTANTS_QUERY must be URL query parameters'],
  ['ASSISTANTS_TIMEOUT_MS', '0', 'ASSISTANTS_TIMEOUT_MS must be a whole number from 1 to 600000'],
  ['ASSISTANTS_TIMEOUT_MS', '30s', 'ASSISTANTS_TIMEOUT_MS must be a whole number from 1 to 600000, got "30s"'],
  ['ASSISTANTS_MAX_SOCKETS', '0', 'ASSISTANTS_MAX_SOCKETS must be a whole number from 1 to 10000'],
  ['MAX_PAGE_ITEMS', '5', 'MAX_PAGE_ITEMS must be a whole number from 20 to 100000'],
  ['MAX_UPSTREAM_CALLS', 'many', 'MAX_UPSTREAM_CALLS must be a whole number from 1 to 1000000'],
  ['MAX_QUERY_DEPTH', '0', 'MAX_QUERY_DEPTH must be a whole number from 1 to 200'],
  ['MAX_QUERY_TOKENS', '1e9', 'MAX_QUERY_TOKENS must be a whole number from 100 to 1000000'],
  ['MAX_BODY_BYTES', '4MiB', 'MAX_BODY_BYTES must be a whole number from 1024 to 1073741824'],
  ['SUBGRAPH', 'true', 'SUBGRAPH must be one of on, off, got "true"'],
  ['ROUTER_SECRET', 'hunter2 hunter2', 'ROUTER_SECRET must be one word of printable ASCII characters'],
  ['LOG_LEVEL', 'verbose', 'LOG_LEVEL must be one of silent, error, info, debug, got "verbose"'],
])('%s=%s is refused with what is allowed, and without a secret', (name, value, message) => {
  const refusal = settingsErrorOf({ [name]: value });
  expect(refusal).toContain(message);
  expect(refusal).not.toContain('hunter2');
});

test('all wrong settings are named at once', () => {
  expect(settingsErrorOf({ PORT: 'x', LOG_LEVEL: 'y', MAX_QUERY_DEPTH: 'z' }).split('\n')).toHaveLength(3);
});

test('what is unset has its default, and so has what is empty', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ port: 4000, host: '127.0.0.1', baseUrl: undefined, dataPath: './data/assistants.db' });
  expect(readConfig({ PORT: '', ASSISTANTS_BASE_URL: '  ', ASSISTANTS_HEADERS: '' })).toEqual(config);
});

test('settings for an Azure-style server are read as they are written there', () => {
  expect(
    readConfig({
      ASSISTANTS_BASE_URL: 'https://name.openai.azure.com/openai/',
      ASSISTANTS_HEADERS: '{"api-key":"0123456789"}',
      ASSISTANTS_QUERY: 'api-version=2024-05-01-preview',
    }),
  ).toMatchObject({
    baseUrl: 'https://name.openai.azure.com/openai',
    headers: { 'api-key': '0123456789' },
    query: { 'api-version': '2024-05-01-preview' },
  });
});

test('a start with wrong settings is one line each on standard error, and exit code 1', async () => {
  const refused = await runServer({ PORT: '70000', ASSISTANTS_BASE_URL: 'nowhere' });
  expect(refused).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'PORT must be a whole number from 0 to 65535, got "70000"\n' +
      'ASSISTANTS_BASE_URL must be an http or https URL such as https://assistants.example/v1, got "nowhere"\n',
  });
});
