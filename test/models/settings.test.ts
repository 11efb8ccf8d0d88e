import { expect, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/cli/config.ts';

test.each([
  ['MODEL_BASE_URL', 'https://api.openai.com/v1/', { modelBaseUrl: 'https://api.openai.com/v1' }],
  ['MODEL_BASE_URL', '', { modelBaseUrl: undefined }],
  ['MODEL_API_KEY', 'sk-1', { modelApiKey: 'sk-1' }],
  ['MODEL_API_KEY', '', { modelApiKey: undefined }],
  ['MODEL_HEADERS', '{"Api-Key":"k"}', { modelHeaders: { 'api-key': 'k' } }],
  ['MODEL_HEADERS', '', { modelHeaders: {} }],
  [
    'MODEL_QUERY',
    'api-version=2024-10-21&a=b%20c',
    {
      modelQuery: { 'api-version': '2024-10-21', a: 'b c' },
    },
  ],
  ['MODEL_API', 'responses', { modelApi: 'responses' }],
  ['MODEL_API', '', { modelApi: 'chat_completions' }],
  ['MODEL_MAX_TOKENS_PARAMETER', 'max_tokens', { modelMaxTokensParameter: 'max_tokens' }],
  [
    'MODEL_NAMES',
    'gpt-4o=qwen3:32b, *=a/b=c',
    {
      modelNames: new Map([
        ['gpt-4o', 'qwen3:32b'],
        ['*', 'a/b=c'],
      ]),
    },
  ],
  ['MODEL_NAMES', '', { modelNames: new Map() }],
  [
    'MODEL_CONTEXT_TOKENS',
    'qwen3:32b=32768,*=8192',
    {
      modelContextTokens: new Map([
        ['qwen3:32b', 32_768],
        ['*', 8192],
      ]),
    },
  ],
  ['MODEL_TIMEOUT_MS', '', { modelTimeoutMs: 120_000 }],
  ['MODEL_TOKEN_TIMEOUT_MS', '500', { modelTokenTimeoutMs: 500 }],
  ['MODEL_MAX_RETRIES', '0', { modelMaxRetries: 0 }],
  ['MODEL_MAX_CONCURRENT_CALLS', '8', { modelMaxConcurrentCalls: 8 }],
  ['MODEL_MAX_CONCURRENT_CALLS', '', { modelMaxConcurrentCalls: undefined }],
  ['MODEL_REQUESTS_PER_MINUTE', '500', { modelRequestsPerMinute: 500 }],
  ['MODEL_TOKENS_PER_MINUTE', '30000', { modelTokensPerMinute: 30_000 }],
])('the setting %s=%s is read', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toMatchObject(expected);
});

test.each([
  ['MODEL_BASE_URL', 'ftp://models.test', 'an http or https URL such as https://api.openai.com/v1'],
  ['MODEL_BASE_URL', 'http://a/v1?key=1', 'query parameters go into MODEL_QUERY'],
  ['MODEL_BASE_URL', 'http://u:hidden@a/v1', 'a key goes into MODEL_API_KEY'],
  ['MODEL_BASE_URL', 'http://a/v1/chat/completions', 'the URL before /chat/completions'],
  ['MODEL_BASE_URL', 'http://a/v1/responses/', 'which MODEL_API chooses'],
  ['MODEL_API_KEY', 'two hidden', 'one word of printable ASCII'],
  ['MODEL_HEADERS', '{"a":1,"hidden":"x"}', 'a JSON object of header names'],
  ['MODEL_HEADERS', '{"a b":"hidden"}', 'a JSON object of header names'],
  ['MODEL_QUERY', 'a=1&a=hidden', 'each name once'],
  ['MODEL_API', 'completions', 'one of chat_completions, responses'],
  ['MODEL_NAMES', 'gpt-4o', 'gpt-4o=qwen3:32b'],
  ['MODEL_NAMES', 'a=b,a=c', 'each name once'],
  ['MODEL_NAMES', 'a=', 'pairs of names'],
  ['MODEL_CONTEXT_TOKENS', 'a=255', '256 or more'],
  ['MODEL_CONTEXT_TOKENS', 'a=many', '256 or more'],
  ['MODEL_TIMEOUT_MS', '0', 'from 1 to 3600000'],
  ['MODEL_MAX_RETRIES', '11', 'from 0 to 10'],
  ['MODEL_MAX_CONCURRENT_CALLS', '0', 'from 1 to 10000'],
])('the setting %s=%s is an error that says what is allowed', (name, value, allowed) => {
  const read = () => readConfig({ [name]: value });
  expect(read).toThrow(`${name} must be `);
  expect(read).toThrow(allowed);
  expect(read).not.toThrow(/hidden/);
});

test('the key of the model and the credentials among its headers and parameters are secrets, the API version is not', () => {
  const config = readConfig({
    MODEL_API_KEY: 'sk-model-key-1',
    MODEL_HEADERS: '{"authorization":"Bearer header-token-2"}',
    MODEL_QUERY: 'api-version=2024-10-21&sig=query-signature-3',
  });
  const secrets = secretsOf(config);
  expect(secrets).toEqual(expect.arrayContaining(['sk-model-key-1', 'header-token-2', 'query-signature-3']));
  expect(secrets).not.toContain('2024-10-21');
});
