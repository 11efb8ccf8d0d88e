import { isIPv4 } from 'node:net';
import type { EntryCheck } from './entry.ts';
import type { HeadersView } from './credentials.ts';
import { requestError } from './requestError.ts';

export interface HostOptions {
  /** The address or the name that the server listens on. */
  readonly host: string;
  /** Its public names; `*` accepts any. */
  readonly allowedHosts: readonly string[];
}

/** Names that cannot exist in the public DNS: those without a dot, and those that RFC 6761 and ICANN keep for private use. */
const NOT_PUBLIC = /^[^.]+$|\.(?:localhost|test|internal)$/;

/**
 * Refuses requests for a host name that this server does not have. A foreign page can make a name of its own resolve to this
 * machine (DNS rebinding), and a browser then treats both as one origin: only the `Host` header of its requests shows it.
 * Addresses and names that are not public are accepted. A server that listens on more than this machine and lists no names
 * accepts any.
 */
export const hostCheck = (options: HostOptions): EntryCheck => {
  const isAllowed = hostFilter(options);
  return ({ headers }) => {
    if (isAllowed(headers)) return;
    const message = `Host ${headers.get('host')} is not allowed. Add it to ALLOWED_HOSTS.`;
    throw requestError(403, 'FORBIDDEN', message);
  };
};

const hostFilter = ({ host, allowedHosts }: HostOptions) => {
  const acceptsAny = allowedHosts.includes('*') || (allowedHosts.length === 0 && !isLoopback(host));
  const listed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  return (headers: HeadersView): boolean => {
    const asked = acceptsAny ? null : headers.get('host');
    if (asked === null || asked.startsWith('[')) return true;
    const name = asked.replace(/:\d*$/, '').toLowerCase();
    return NOT_PUBLIC.test(name) || isIPv4(name) || listed.has(name);
  };
};

/** Whether only this machine can reach a server that listens on `host`. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');
