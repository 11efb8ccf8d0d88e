import { createHash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Log } from '../observability/log.ts';
import { invalidToken } from './invalidToken.ts';
import { KeysUnreadableError, remoteKeys } from './jwks.ts';
import { requestError } from './requestError.ts';
import type { Tenant } from '../engine/tenant.ts';

export interface JwtOptions {
  /** Where the keys are that verify JSON Web Tokens; undefined if those are not accepted. */
  readonly jwksUrl: URL | undefined;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  /** The claim that names the tenant. */
  readonly jwtTenantClaim: string;
  readonly log: Log;
}

/** What a valid token says. */
export interface VerifiedToken {
  readonly tenant: Tenant;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Signatures that need no shared secret. `none` and the HMACs are never accepted. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** How far the clocks of issuer and server may differ, in seconds. */
const CLOCK_TOLERANCE = 5;

/** Tokens whose signature is not verified again, and for how long, in milliseconds: about 100 µs each time. */
const REMEMBERED = { max: 1000, ttl: 60_000 };

/**
 * Verifies JSON Web Tokens: signature, issuer, audience and times. Returns a promise unless the token was verified within the
 * last minute. Throws, or rejects with, RequestError: 401 for a token that is not valid, 503 if the keys cannot be read.
 * Undefined if no such tokens are accepted.
 */
export const jwtVerification = (options: JwtOptions) => {
  const { jwksUrl, jwtIssuer: issuer, jwtAudience: audience, jwtTenantClaim: claim, log } = options;
  if (jwksUrl === undefined) return undefined;
  const keys = remoteKeys(jwksUrl, log);
  const remembered = new LRUCache<string, VerifiedToken>(REMEMBERED);

  const verify = async (token: string): Promise<VerifiedToken> => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['exp', claim],
    });
    const { exp = 0, [claim]: name } = payload;
    if (typeof name !== 'string' || name === '') throw invalidToken(`The claim ${claim} of the token must be text.`);
    return { tenant: `jwt:${name}`, expiresAt: exp * 1000 };
  };

  return (token: string): VerifiedToken | Promise<VerifiedToken> => {
    const digest = createHash('sha256').update(token).digest('base64');
    const known = remembered.get(digest);
    if (known !== undefined && known.expiresAt > Date.now()) return known;
    return verify(token).then(
      (verified) => {
        remembered.set(digest, verified);
        return verified;
      },
      (error: unknown) => {
        throw errorOf(error);
      },
    );
  };
};

const errorOf = (error: unknown) => {
  if (error instanceof errors.JWTExpired) return invalidToken('The token has expired.');
  if (error instanceof errors.JOSEError) return invalidToken();
  if (!(error instanceof KeysUnreadableError)) return error;
  const message = 'Tokens cannot be verified, because their keys (ACCESS_JWKS_URL) could not be read. Retry later.';
  return requestError(503, 'UPSTREAM_UNAVAILABLE', message, { 'retry-after': '5' });
};
