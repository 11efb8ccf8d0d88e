import { accessModes } from '../../access/modes.ts';
import { hosts, oneOf, onOff, origins, secretWord } from './parsers.ts';
import { setting } from './setting.ts';
import { jwksUrl, namedTokens, namedTokensInFile, word } from './tokenParsers.ts';

/** Who may send requests, and whose credentials go upstream. */
export const accessSettings = {
  access: setting({
    name: 'ACCESS',
    unit: 'mode',
    fallback: 'open',
    description:
      "Whose credentials go upstream. open: the client's own `Authorization` or `api-key` header, otherwise the server's key; clients need not authenticate. server: the server's key, and clients authenticate with a token. forward: the client's header or none, and never the server's key.",
    parse: oneOf(accessModes),
  }),
  openToNetwork: setting({
    name: 'ACCESS_OPEN_TO_NETWORK',
    unit: 'on or off',
    fallback: 'off',
    description: 'Must be on for ACCESS=open if HOST can be reached from other machines.',
    parse: onOff,
  }),
  accessTokens: setting({
    name: 'ACCESS_TOKENS',
    unit: 'JSON',
    fallback: '',
    description:
      'Tokens that clients authenticate with for ACCESS=server, by name, such as {"alice":"…","ci":["…","…"]}; 16 characters or more. Each name is a tenant of the embedded engine; `default` owns what was created without authentication.',
    secret: true,
    parse: namedTokens,
  }),
  accessTokensFile: setting({
    name: 'ACCESS_TOKENS_FILE',
    unit: 'file',
    fallback: '',
    description: 'A file with more such tokens, read at the start.',
    parse: namedTokensInFile,
  }),
  jwksUrl: setting({
    name: 'ACCESS_JWKS_URL',
    unit: 'URL',
    fallback: '',
    description:
      'Keys (JWKS) of the JSON Web Tokens that clients may authenticate with for ACCESS=server. Read again every ten minutes.',
    parse: jwksUrl,
  }),
  jwtIssuer: setting({
    name: 'ACCESS_JWT_ISSUER',
    unit: 'text',
    fallback: '',
    description: 'The claim `iss` that such a token must have.',
    parse: word,
  }),
  jwtAudience: setting({
    name: 'ACCESS_JWT_AUDIENCE',
    unit: 'text',
    fallback: '',
    description: 'The claim `aud` that such a token must have.',
    parse: word,
  }),
  jwtTenantClaim: setting({
    name: 'ACCESS_JWT_TENANT_CLAIM',
    unit: 'name',
    fallback: 'sub',
    description: 'The claim that names the tenant of the embedded engine.',
    parse: word,
  }),
  allowedOrigins: setting({
    name: 'ALLOWED_ORIGINS',
    unit: 'origins',
    fallback: '',
    description:
      'Additional browser origins that may send requests, separated by commas. Pages of this server and of this machine always may. * allows any.',
    parse: origins,
  }),
  allowedHosts: setting({
    name: 'ALLOWED_HOSTS',
    unit: 'host names',
    fallback: '',
    description:
      'Accepted `Host` headers, separated by commas, for example behind a proxy. If unset, none but local names while HOST is this machine only, and any otherwise. * accepts any.',
    parse: hosts,
  }),
  routerSecret: setting({
    name: 'ROUTER_SECRET',
    unit: 'secret',
    fallback: '',
    description:
      'If set, /graphql accepts only requests that carry it as `Router-Authorization`. It does not apply to /v1.',
    secret: true,
    parse: secretWord,
  }),
};
