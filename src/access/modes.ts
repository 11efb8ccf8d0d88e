import { type AuthenticationOptions, authentication } from './authentication.ts';
import { credentialsIn } from './credentials.ts';
import { ANYBODY, type Identify, type Identity } from './identity.ts';
import { DEFAULT_TENANT } from '../engine/tenant.ts';

/**
 * Whose credentials go upstream, and who has to authenticate here. `open`: the server's, or those that a client sends in their
 * place; nobody has to. `server`: the server's, for clients that authenticate here. `forward`: the client's, and never the server's.
 */
export const accessModes = ['open', 'server', 'forward'] as const;
export type AccessMode = (typeof accessModes)[number];

export interface ModeOptions extends AuthenticationOptions {
  readonly access: AccessMode;
}

const SERVER: Identity = { credentials: { kind: 'server', key: 'server' }, tenant: DEFAULT_TENANT };

/** How requests are identified in the mode that is set. */
export const identification = (options: ModeOptions): Identify => {
  if (options.access === 'server') return authentication(options);
  const fallback = options.access === 'open' ? SERVER : ANYBODY;
  return (headers) => {
    const credentials = credentialsIn(headers);
    return credentials === undefined ? fallback : { credentials, tenant: DEFAULT_TENANT };
  };
};
