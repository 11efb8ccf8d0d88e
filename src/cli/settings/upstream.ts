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
    description: 'Time limit of one REST call, including its body.',
    parse: wholeNumber(1, 600_000),
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
};
