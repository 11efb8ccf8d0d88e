import { isIPv4 } from 'node:net';

export interface HostOptions {
  /** Where the server listens: an address or a name. */
  readonly host: string;
  /** Its public names; `*` for any. */
  readonly allowedHosts: readonly string[];
}

/** Names that nobody can have in the public DNS: those without a dot, and those that RFC 6761 and ICANN keep for private use. */
const NOT_PUBLIC = /^[^.]+$|\.(?:localhost|test|internal)$/;

/**
 * Tells whether a request was sent to this server by a name that it has. A foreign page can have a name of its own lead to
 * this machine (DNS rebinding), and to a browser it is then of one origin with what listens here: the `Host` that comes with
 * its requests is all that gives it away. An address, or a name that is not public, leads where its user had it lead. Who
 * listens on more than this machine and lists no name may be asked by any.
 */
export const byAllowedHost = ({ host, allowedHosts }: HostOptions) => {
  const byAny = allowedHosts.includes('*') || (allowedHosts.length === 0 && !isLoopback(host));
  const named = new Set(allowedHosts.map((name) => name.toLowerCase()));
  return (headers: Pick<Headers, 'get'>): boolean => {
    const asked = byAny ? null : headers.get('host');
    if (asked === null || asked.startsWith('[')) return true;
    const name = asked.replace(/:\d*$/, '').toLowerCase();
    return NOT_PUBLIC.test(name) || isIPv4(name) || named.has(name);
  };
};

/** What whoever is refused is told. */
export const notByName = (headers: Pick<Headers, 'get'>): string =>
  `This server may not be asked as ${headers.get('host')}: ALLOWED_HOSTS lists its public names.`;

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');
