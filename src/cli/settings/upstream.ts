import { baseUrl, headers, oneOf, query, secretWord, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

/** The REST API behind the graph, and how it is called. */
export const upstreamSettings = {
  baseUrl: setting({
    name: 'ASSISTANTS_BASE_URL',
    unit: 'URL',
    fallback: '',
    description: 'Base URL of the Assistants API behind the graph. If unset, the embedded engine serves it.',
    parse: baseUrl('ASSISTANTS', 'https://assistants.example/v1'),
  }),
  apiKey: setting({
    name: 'ASSISTANTS_API_KEY',
    unit: 'key',
    fallback: '',
    description: 'Key that is sent upstream as `Authorization: Bearer …`. ACCESS says for whom.',
    secret: true,
    parse: secretWord,
  }),
  headers: setting({
    name: 'ASSISTANTS_HEADERS',
    unit: 'JSON',
    fallback: '',
    description: 'Additional headers of every REST call, such as {"api-key":"…"} for Azure.',
    secret: true,
    parse: headers,
  }),
  query: setting({
    name: 'ASSISTANTS_QUERY',
    unit: 'query string',
    fallback: '',
    description: 'Additional query parameters of every REST call, such as api-version=2024-05-01-preview for Azure.',
    secret: true,
    parse: query,
  }),
  timeoutMs: setting({
    name: 'ASSISTANTS_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '30000',
    description: 'Time limit of one attempt of a REST call, including its body.',
    parse: wholeNumber(1, 600_000),
  }),
  operationTimeoutMs: setting({
    name: 'ASSISTANTS_OPERATION_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '60000',
    description:
      'Time limit of all REST calls of one operation together, or for one event of a subscription: retries and waiting in the queue count, `waitSeconds` and `onActiveRun` do not. An upload may take a second longer for each MiB of its file.',
    parse: wholeNumber(1, 3_600_000),
  }),
  maxRetries: setting({
    name: 'ASSISTANTS_MAX_RETRIES',
    unit: 'retries',
    fallback: '2',
    description:
      'Maximum number of retries of one REST call. Reads, deletions and writes with an `idempotencyKey` are retried after connection errors and the statuses 408, 429 and 5xx; other writes only if there was no connection.',
    parse: wholeNumber(0, 10),
  }),
  httpClient: setting({
    name: 'ASSISTANTS_HTTP_CLIENT',
    unit: 'library',
    fallback: 'undici',
    description:
      'Library that makes the REST calls: undici, which needs about 40 % less CPU for a nested query, or cross-fetch, which asks for compressed responses.',
    parse: oneOf(['undici', 'cross-fetch']),
  }),
  maxSockets: setting({
    name: 'ASSISTANTS_MAX_SOCKETS',
    unit: 'connections',
    fallback: '256',
    description: 'Maximum number of connections to the upstream. Further calls wait in a queue.',
    parse: wholeNumber(1, 10_000),
  }),
  maxQueuedCalls: setting({
    name: 'ASSISTANTS_MAX_QUEUED_CALLS',
    unit: 'REST calls',
    fallback: '10000',
    description: 'Maximum number of REST calls that wait for a connection. Further ones fail with `OVERLOADED`.',
    parse: wholeNumber(0, 1_000_000),
  }),
  maxUpstreamStreams: setting({
    name: 'ASSISTANTS_MAX_STREAMS',
    unit: 'connections',
    fallback: '1000',
    description: 'Maximum number of event streams from the upstream. Further ones fail with `OVERLOADED`.',
    parse: wholeNumber(1, 100_000),
  }),
  maxUpstreamBytes: setting({
    name: 'ASSISTANTS_MAX_RESPONSE_BYTES',
    unit: 'bytes',
    fallback: '67108864',
    description:
      'Maximum size of the body of a response from the upstream, decompressed. A larger one is cut off. A page of 100 long messages can need 50 MB.',
    parse: wholeNumber(1024, 1_073_741_824),
  }),
  breakerFailures: setting({
    name: 'ASSISTANTS_BREAKER_FAILURES',
    unit: 'REST calls',
    fallback: '20',
    description:
      'Number of consecutive failed REST calls (no connection, timeout, 5xx) after which no more are sent for a while: they fail at once with `UPSTREAM_UNAVAILABLE`.',
    parse: wholeNumber(1, 1_000_000),
  }),
  breakerFailingMs: setting({
    name: 'ASSISTANTS_BREAKER_FAILING_MS',
    unit: 'milliseconds',
    fallback: '2000',
    description: 'For how long they must have failed, without any success in between.',
    parse: wholeNumber(0, 600_000),
  }),
  breakerOpenMs: setting({
    name: 'ASSISTANTS_BREAKER_OPEN_MS',
    unit: 'milliseconds',
    fallback: '5000',
    description: 'How long no REST calls are sent then, before one is sent as a probe.',
    parse: wholeNumber(10, 600_000),
  }),
};
