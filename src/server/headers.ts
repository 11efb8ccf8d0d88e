import type { IncomingMessage } from 'node:http';
import { checkOnce, isCredentialHeader } from '../access/credentials.ts';

/** The headers of a request, read in place. Names are in lower case. Throws RequestError for a credential that comes twice. */
export const headersOf = ({ headers, rawHeaders }: IncomingMessage): Pick<Headers, 'get' | 'has'> => ({
  get: (name) => {
    const value = headers[name];
    if (value !== undefined && isCredentialHeader(name)) checkOnce(name, rawHeaders);
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  },
  has: (name) => headers[name] !== undefined,
});
