import type { EntryCheck } from './entry.ts';
import type { HeadersView } from './credentials.ts';
import { requestError } from './requestError.ts';

export interface OriginOptions {
  /** Browser origins that may send requests, in addition to this server's own and this machine's; `*` allows any. */
  readonly allowedOrigins: readonly string[];
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses requests from pages of other origins. Browsers send the page's origin with every request to another server, every
 * POST and every WebSocket; other clients send none. Without this check any page that a developer visits could use the keys
 * of a server on the same machine.
 */
export const originCheck = (options: OriginOptions): EntryCheck => {
  const isAllowed = originFilter(options);
  return ({ headers }) => {
    if (isAllowed(headers)) return;
    const message = `Origin ${headers.get('origin')} is not allowed. Add it to ALLOWED_ORIGINS.`;
    throw requestError(403, 'FORBIDDEN', message);
  };
};

/** Whether a request comes from a page that may send it; true for a request without an origin. */
export const originFilter = ({ allowedOrigins }: OriginOptions) => {
  const allowsAny = allowedOrigins.includes('*');
  const listed = new Set(allowedOrigins);
  return (headers: HeadersView): boolean => {
    const origin = headers.get('origin');
    if (origin === null || allowsAny || listed.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { host, hostname } = new URL(origin);
    return LOCAL.has(hostname) || host === headers.get('host');
  };
};
