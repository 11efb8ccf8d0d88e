import { type Credentials, clientCredentials, type HeadersView } from './credentials.ts';
import { DEFAULT_TENANT, type Tenant } from '../engine/tenant.ts';

/** Who a request comes from. */
export interface Identity {
  /** What its REST calls carry. */
  readonly credentials: Credentials;
  /** Whose objects it sees in the embedded engine. */
  readonly tenant: Tenant;
  /** When the identity ends, in milliseconds since 1970; undefined if it does not. */
  readonly expiresAt?: number | undefined;
}

/**
 * Says who a request comes from, by its headers. Throws, or rejects with, RequestError: status 401 for a client that has to
 * authenticate and did not.
 */
export type Identify = (headers: HeadersView) => Identity | Promise<Identity>;

/** Has no credentials, so that none go upstream. */
export const ANYBODY: Identity = { credentials: clientCredentials({}), tenant: DEFAULT_TENANT };
