import { requestError } from './requestError.ts';

/** The headers of a request. Names are in lower case. */
export type HeadersView = Pick<Headers, 'get' | 'has'>;

/**
 * What a caller authenticates with at the upstream. Only an absent credential is replaced by the server's own: an empty one
 * is sent as it is. `key` is equal for callers that may share what the upstream returned, and for no others.
 */
export type Credentials =
  | { readonly kind: 'absent'; readonly key: 'absent' }
  | { readonly kind: 'given'; readonly key: string; readonly authorization: string };

const ABSENT: Credentials = { kind: 'absent', key: 'absent' };

/** The credentials in the header `authorization`. */
export const credentialsIn = (headers: HeadersView): Credentials => {
  const authorization = headers.get('authorization');
  return authorization === null ? ABSENT : { kind: 'given', key: `given ${authorization}`, authorization };
};

/**
 * Throws RequestError with status 401 for a credential that cannot be read: it must never be taken for an absent one.
 * `source` says where it came from.
 */
export const unreadableCredentials = (source: string) =>
  requestError(401, 'UNAUTHENTICATED', `${source} must be a string that is valid as an HTTP header.`);
