import { expect, test } from 'vitest';
import * as settings from '../../src/engine/models/settings.ts';

test.each<[string, (value: string) => unknown, string, unknown]>([
  ['MODEL_BASE_URL', settings.modelBaseUrl, 'https://api.openai.com/v1/', 'https://api.openai.com/v1'],
  ['MODEL_BASE_URL, empty,', settings.modelBaseUrl, '', undefined],
  ['MODEL_API_KEY', settings.modelApiKey, 'sk-1', 'sk-1'],
  ['MODEL_API_KEY, empty,', settings.modelApiKey, '', undefined],
  ['MODEL_HEADERS', settings.modelHeaders, '{"Api-Key":"k"}', { 'api-key': 'k' }],
  ['MODEL_HEADERS, empty,', settings.modelHeaders, '', {}],
  ['MODEL_QUERY', settings.modelQuery, 'api-version=2024-10-21&a=b%20c', { 'api-version': '2024-10-21', a: 'b c' }],
  ['MODEL_API', settings.modelApi, 'responses', 'responses'],
  ['MODEL_MAX_TOKENS_PARAMETER', settings.maxTokensParameter, 'max_tokens', 'max_tokens'],
  [
    'MODEL_NAMES',
    settings.modelNames,
    'gpt-4o=qwen3:32b, *=a/b=c',
    new Map([
      ['gpt-4o', 'qwen3:32b'],
      ['*', 'a/b=c'],
    ]),
  ],
  ['MODEL_NAMES, empty,', settings.modelNames, '', new Map()],
  [
    'MODEL_CONTEXT_TOKENS',
    settings.modelContextTokens,
    'qwen3:32b=32768,*=8192',
    new Map([
      ['qwen3:32b', 32_768],
      ['*', 8192],
    ]),
  ],
  ['MODEL_TIMEOUT_MS', settings.modelTimeoutMs, '120000', 120_000],
  ['MODEL_MAX_RETRIES', settings.modelMaxRetries, '0', 0],
  ['MODEL_MAX_CONCURRENT_CALLS', settings.maxConcurrentCalls, '8', 8],
  ['MODEL_MAX_CONCURRENT_CALLS, empty,', settings.maxConcurrentCalls, '', undefined],
  ['MODEL_REQUESTS_PER_MINUTE', settings.requestsPerMinute, '500', 500],
  ['MODEL_TOKENS_PER_MINUTE', settings.tokensPerMinute, '30000', 30_000],
])('%s is read', (_name, parse, value, expected) => {
  expect(parse(value)).toEqual(expected);
});

test.each<[string, (value: string) => unknown, string, string]>([
  ['MODEL_BASE_URL', settings.modelBaseUrl, 'ftp://secret', 'an http or https URL such as'],
  ['MODEL_BASE_URL', settings.modelBaseUrl, 'http://a/v1?key=secret', 'MODEL_QUERY'],
  ['MODEL_BASE_URL', settings.modelBaseUrl, 'http://u:secret@a/v1', 'MODEL_API_KEY'],
  ['MODEL_BASE_URL', settings.modelBaseUrl, 'http://a/v1/chat/completions', 'before /chat/completions'],
  ['MODEL_API_KEY', settings.modelApiKey, 'two secret', 'one word of printable ASCII'],
  ['MODEL_HEADERS', settings.modelHeaders, '{"a":1,"secret":"x"}', 'a JSON object of header names'],
  ['MODEL_HEADERS', settings.modelHeaders, '{"a b":"secret"}', 'a JSON object of header names'],
  ['MODEL_QUERY', settings.modelQuery, 'a=1&a=secret', 'each name once'],
  ['MODEL_API', settings.modelApi, 'secret', 'one of chat_completions, responses'],
  ['MODEL_NAMES', settings.modelNames, 'secret', 'gpt-4o=qwen3:32b'],
  ['MODEL_NAMES', settings.modelNames, 'secret=a,secret=b', 'each name once'],
  ['MODEL_NAMES', settings.modelNames, 'secret=', 'pairs of names'],
  ['MODEL_CONTEXT_TOKENS', settings.modelContextTokens, 'secret=255', '256 or more'],
  ['MODEL_CONTEXT_TOKENS', settings.modelContextTokens, 'a=secret', '256 or more'],
  ['MODEL_TIMEOUT_MS', settings.modelTimeoutMs, '0', 'from 1 to 3600000'],
  ['MODEL_MAX_RETRIES', settings.modelMaxRetries, '11', 'from 0 to 10'],
  ['MODEL_MAX_CONCURRENT_CALLS', settings.maxConcurrentCalls, '0', 'from 1 to 10000'],
])('%s that cannot be used says what is allowed, and not what it was', (_name, parse, value, message) => {
  expect(() => parse(value)).toThrow(message);
  expect(() => parse(value)).not.toThrow(/secret/);
});
