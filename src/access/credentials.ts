import { requestError } from './requestError.ts';

/** The headers of a request. Names are in lower case. */
export type HeadersView = Pick<Headers, 'get' | 'has'>;

/** The headers that hold credentials, of clients and upstreams alike. `api-key` is Azure's. */
export const CREDENTIAL_HEADERS = ['authorization', 'api-key'] as const;

export const isCredentialHeader = (name: string): boolean => CREDENTIAL_HEADERS.some((each) => each === name);

/**
 * What a caller's REST calls carry: the server's own credentials, or the client's and none of the server's. The client may have
 * none. `key` is equal for callers that may share what the upstream returned, and for no others.
 */
export type Credentials =
  | { readonly kind: 'server'; readonly key: string }
  | { readonly kind: 'client'; readonly key: string; readonly headers: Readonly<Record<string, string>> };

/** The client's credentials in its own headers, an empty one included; undefined if it sent none. */
export const credentialsIn = (headers: HeadersView): Credentials | undefined => {
  if (!CREDENTIAL_HEADERS.some((name) => headers.has(name))) return undefined;
  const given = CREDENTIAL_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return clientCredentials(Object.fromEntries(given));
};

/** Credentials that consist of these headers. Their order counts. */
export const clientCredentials = (headers: Readonly<Record<string, string>>): Credentials => ({
  kind: 'client',
  key: `client ${JSON.stringify(headers)}`,
  headers,
});

/** The headers without those that hold credentials. Names may be in any case. */
export const withoutCredentials = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isCredentialHeader(name.toLowerCase())));

/** Throws RequestError with status 401 if a credential comes more than once: proxies may have looked at another one than we would. */
export const checkOnce = (name: string, rawHeaders: readonly string[]): void => {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) count += 1;
  if (count > 1)
    throw requestError(401, 'UNAUTHENTICATED', `The header ${name} was sent ${count} times. Send it once.`);
};

/**
 * The error, with status 401, for a credential that cannot be read: it must never be taken for an absent one.
 * `source` says where it came from.
 */
export const unreadableCredentials = (source: string) =>
  requestError(401, 'UNAUTHENTICATED', `${source} must be a string that is valid as an HTTP header.`);
