import type { IncomingMessage } from 'node:http';

/** The headers of a request, read in place. Names are in lower case. */
export const headersOf = ({ headers }: IncomingMessage): Pick<Headers, 'get' | 'has'> => ({
  get: (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  },
  has: (name) => headers[name] !== undefined,
});
