import { CREDENTIAL_HEADERS } from '../../access/credentials.ts';
import { isLoopback } from '../../access/hosts.ts';
import type { Config } from '../config.ts';

/** What is wrong with the settings of access taken together, one line each. Each alone is allowed. */
export const accessProblems = (config: Config): string[] =>
  problems.flatMap(([isProblem, message]) => (isProblem(config) ? [message] : []));

const hasTokens = ({ accessTokens, accessTokensFile, jwksUrl }: Config) =>
  accessTokens.length > 0 || accessTokensFile.length > 0 || jwksUrl !== undefined;

const hasRepeatedToken = ({ accessTokens, accessTokensFile }: Config) => {
  const all = [...accessTokens, ...accessTokensFile].map(({ token }) => token);
  return new Set(all).size < all.length;
};

const problems: readonly (readonly [isProblem: (config: Config) => boolean, message: string])[] = [
  [
    ({ access, host, openToNetwork }) => access === 'open' && !isLoopback(host) && !openToNetwork,
    'HOST can be reached from other machines, and ACCESS=open does not authenticate clients: set ACCESS=server and ACCESS_TOKENS, ' +
      'or ACCESS=forward, or HOST=127.0.0.1; or set ACCESS_OPEN_TO_NETWORK=on if everyone may use the key and the data of this server.',
  ],
  [
    (config) => config.access === 'server' && !hasTokens(config),
    'ACCESS=server needs tokens that clients authenticate with: set ACCESS_TOKENS, ACCESS_TOKENS_FILE or ACCESS_JWKS_URL.',
  ],
  [
    (config) => config.access !== 'server' && hasTokens(config),
    'ACCESS_TOKENS, ACCESS_TOKENS_FILE and ACCESS_JWKS_URL only have an effect with ACCESS=server: set that, or leave them unset.',
  ],
  [hasRepeatedToken, 'ACCESS_TOKENS and ACCESS_TOKENS_FILE hold a token twice: each belongs to one name.'],
  [
    ({ jwksUrl, jwtIssuer, jwtAudience }) => jwksUrl !== undefined && (jwtIssuer === '' || jwtAudience === ''),
    'ACCESS_JWKS_URL needs ACCESS_JWT_ISSUER and ACCESS_JWT_AUDIENCE: otherwise tokens that were made for others would be accepted.',
  ],
  [
    ({ access, baseUrl }) => access === 'forward' && baseUrl === undefined,
    'ACCESS=forward needs ASSISTANTS_BASE_URL: the embedded engine does not know the keys of clients.',
  ],
  [
    ({ access, apiKey, headers }) =>
      access === 'forward' && (apiKey !== undefined || CREDENTIAL_HEADERS.some((name) => name in headers)),
    "ACCESS=forward never sends a key of the server's: leave ASSISTANTS_API_KEY unset, and authorization and api-key out of ASSISTANTS_HEADERS.",
  ],
];
