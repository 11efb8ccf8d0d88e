const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Tells whether a request came from a page that may ask. Browsers name the page's origin in every request to another
 * server, in every POST and with every WebSocket; what is no browser sends none, and is let in. Without this any page that
 * a developer visits could use the keys of a server on the same machine.
 */
export const fromAllowedOrigin = (allowed: readonly string[]) => {
  const everyone = allowed.includes('*');
  const named = new Set(allowed);
  return (headers: Pick<Headers, 'get'>): boolean => {
    const origin = headers.get('origin');
    if (origin === null || everyone || named.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { host, hostname } = new URL(origin);
    return LOCAL.has(hostname) || host === headers.get('host');
  };
};
