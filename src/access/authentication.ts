import type { HeadersView } from './credentials.ts';
import { type JwtOptions, jwtVerification } from './jwt.ts';
import type { Identify, Identity } from './identity.ts';
import { invalidToken, missingToken } from './invalidToken.ts';
import type { Tenant } from '../engine/tenant.ts';
import { type NamedToken, tokenLookup } from './tokens.ts';

export interface AuthenticationOptions extends JwtOptions {
  readonly accessTokens: readonly NamedToken[];
  readonly accessTokensFile: readonly NamedToken[];
}

/** Identifies clients by static tokens, at once, and then by JSON Web Tokens if those are accepted. */
export const authentication = (options: AuthenticationOptions): Identify => {
  const tokens = [...options.accessTokens, ...options.accessTokensFile];
  const nameOf = tokenLookup(tokens);
  const identities = new Map(tokens.map(({ name }) => [name, authenticated(name)]));
  const verify = jwtVerification(options);
  return (headers) => {
    const token = tokenIn(headers);
    const name = nameOf(token);
    const identity = name === undefined ? undefined : identities.get(name);
    if (identity !== undefined) return identity;
    if (verify === undefined) throw invalidToken();
    const verified = verify(token);
    return verified instanceof Promise ? verified.then(subjectOf) : subjectOf(verified);
  };
};

const subjectOf = ({ tenant, expiresAt }: { tenant: Tenant; expiresAt: number }) => authenticated(tenant, expiresAt);

/** The client's own token stays here. Subjects share nothing, although they share the server's credentials. */
const authenticated = (tenant: Tenant, expiresAt?: number): Identity => ({
  credentials: { kind: 'server', key: `server ${tenant}` },
  tenant,
  expiresAt,
});

/** The token in `authorization`, or in `api-key` as Azure's clients send it. Throws RequestError with status 401. */
const tokenIn = (headers: HeadersView): string => {
  const authorization = headers.get('authorization');
  const apiKey = headers.get('api-key');
  const token = authorization === null ? apiKey : /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (token === null) throw missingToken();
  if (token === undefined || token === '') throw invalidToken('The header authorization must be `Bearer` and a token.');
  if (apiKey !== null && apiKey !== token)
    throw invalidToken('The headers authorization and api-key have different tokens. Send one of them.');
  return token;
};
