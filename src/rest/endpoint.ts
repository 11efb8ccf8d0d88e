import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { RestPath } from './path.ts';
import { type Redactor, redactorOf, secretsAmong } from './redact.ts';
import type { CircuitBreaker } from './circuitBreaker.ts';
import type { Fetch } from './fetch.ts';
import { KnownOperations } from './knownOperations.ts';

export interface RestEndpointOptions {
  /** Such as `http://127.0.0.1:4000/v1`: http or https, with or without a trailing slash; may contain a query string and credentials. */
  baseUrl: string;
  fetch: Fetch;
  /** Sent with every call, such as `authorization` or Azure's `api-key`. */
  headers?: Record<string, string> | undefined;
  /** Sent with every call, such as Azure's `api-version`. */
  query?: Record<string, string> | undefined;
  /** Shared by all endpoints of one upstream. Default: none. */
  breaker?: CircuitBreaker | undefined;
  /** Shared by all endpoints of one upstream. Default: nothing is known. */
  known?: KnownOperations | undefined;
}

/** Query parameters of one call. Undefined ones are not sent. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Where calls go, computed once at start: creating a client or a URL from it is cheap. */
export interface RestEndpoint {
  readonly fetch: Fetch;
  readonly breaker: CircuitBreaker | undefined;
  readonly known: KnownOperations;
  /** `host:port`, without credentials. */
  readonly host: string;
  urlOf(path: RestPath, query: Query | undefined): string;
  readonly headers: Readonly<Record<string, string>>;
  /** Removes the secrets of the base URL, the headers and the query. */
  readonly redactor: Redactor;
}

/**
 * Reads the configuration of an upstream. Throws an Error that says what is wrong with the base URL or a header, without
 * credentials or header values.
 */
export const createEndpoint = ({
  baseUrl,
  fetch,
  headers = {},
  query = {},
  breaker,
  known = new KnownOperations(),
}: RestEndpointOptions): RestEndpoint => {
  const url = parsed(baseUrl);
  const credentials = credentialsIn(url);
  const prefix = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const constantQuery = queryString(Object.fromEntries(url.searchParams));

  const allHeaders = mergedHeaders(
    { accept: 'application/json', 'openai-beta': 'assistants=v2', ...basicAuthorization(credentials) },
    headers,
  );
  const parameters = Object.fromEntries(url.searchParams);

  return {
    fetch,
    breaker,
    known,
    host: url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` : url.host,
    urlOf(path, ownQuery) {
      const own = ownQuery === undefined ? '' : queryString(ownQuery);
      const both = constantQuery === '' || own === '' ? constantQuery + own : `${constantQuery}&${own}`;
      return both === '' ? prefix + path : `${prefix}${path}?${both}`;
    },
    headers: allHeaders,
    redactor: redactorOf([...credentials, ...secretsAmong(allHeaders), ...secretsAmong(parameters)]),
  };
};

/** Both sets of headers, names in lower case; the second overrides the first. Throws if HTTP does not allow a name or value. */
const mergedHeaders = (
  first: Readonly<Record<string, string>>,
  second: Readonly<Record<string, string>>,
): Record<string, string> => {
  const merged = { ...first };
  for (const [name, value] of Object.entries(second)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      // Node's own message is not passed on: a later version of it might show the value, which may be a key.
      throw new Error(
        `The header ${JSON.stringify(name)} has a name or a value with characters that HTTP does not allow`,
      );
    }
    merged[name.toLowerCase()] = value;
  }
  return merged;
};

const parsed = (baseUrl: string): URL => {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error('The base URL must be absolute and begin with http:// or https://, as in https://example.org/v1');
  }
  return url;
};

/** Credentials go into a header: no URL contains them, and every HTTP client sends them alike. */
const basicAuthorization = ([user, password]: [string, string]): Record<string, string> =>
  user === '' && password === ''
    ? {}
    : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };

const credentialsIn = ({ username, password }: URL): [user: string, password: string] => {
  try {
    return [decodeURIComponent(username), decodeURIComponent(password)];
  } catch {
    throw new Error(
      'The user name or the password in the base URL has a % that does not begin a percent-encoded character',
    );
  }
};

const queryString = (query: Query): string => {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value !== undefined)
      text += `${text === '' ? '' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return text;
};
