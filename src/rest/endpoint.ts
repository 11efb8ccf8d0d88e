import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Path } from './path.ts';
import { secretsOf } from './redact.ts';
import type { Fetch } from './transport.ts';

export interface EndpointOptions {
  /** Such as `http://127.0.0.1:4000/v1`: http or https, with or without a slash at its end; may carry a query string and credentials. */
  baseUrl: string;
  fetch: Fetch;
  /** Sent with every call, such as `authorization` or Azure's `api-key`. */
  headers?: Record<string, string> | undefined;
  /** Sent with every call, such as Azure's `api-version`. */
  query?: Record<string, string> | undefined;
}

/** Query parameters of one call. One that is undefined is not sent. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Where calls go, worked out once at start: making a client or a URL from it costs next to nothing. */
export interface Endpoint {
  readonly fetch: Fetch;
  /** `host:port`, without credentials. */
  readonly host: string;
  urlOf(path: Path, query: Query | undefined): string;
  readonly headers: Readonly<Record<string, string>>;
  /** What of the base URL and the query must not be shown. */
  readonly secrets: readonly string[];
}

/**
 * Reads the configuration of an upstream. Throws an Error that names what is wrong with the base URL or a header, and
 * shows neither credentials nor a header's value.
 */
export const createEndpoint = ({ baseUrl, fetch, headers = {}, query = {} }: EndpointOptions): Endpoint => {
  const url = parsed(baseUrl);
  const credentials = credentialsIn(url);
  const prefix = `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const constantQuery = queryString(Object.fromEntries(url.searchParams));

  return {
    fetch,
    host: url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` : url.host,
    urlOf(path, ownQuery) {
      const own = ownQuery === undefined ? '' : queryString(ownQuery);
      const both = constantQuery === '' || own === '' ? constantQuery + own : `${constantQuery}&${own}`;
      return both === '' ? prefix + path : `${prefix}${path}?${both}`;
    },
    headers: mergedHeaders(
      { accept: 'application/json', 'openai-beta': 'assistants=v2', ...basicAuthorization(credentials) },
      headers,
    ),
    secrets: [...credentials, url.password, ...secretsOf(Object.fromEntries(url.searchParams))],
  };
};

/** Both sets of headers, names in lower case; of two with one name, the second's value. Throws for what HTTP does not allow. */
export const mergedHeaders = (
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

/** Credentials go into a header, so that no URL holds them and every transport sends them alike. */
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
