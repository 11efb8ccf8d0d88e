import type { ServerResponse } from 'node:http';
import { atExpiry } from '../access/expiry.ts';
import type { Identity } from '../access/identity.ts';

/**
 * A signal that is aborted when an event stream has to end: the server is being stopped, or the token that opened the stream has
 * expired. The client then gets a clean end of its stream.
 */
export const streamEnd = (stopping: AbortSignal, identity: Identity, response: ServerResponse): AbortSignal => {
  if (identity.expiresAt === undefined) return stopping;
  const ending = new AbortController();
  const end = () => ending.abort();
  const stopWaiting = atExpiry(identity, end);
  if (stopping.aborted) end();
  stopping.addEventListener('abort', end, { once: true });
  response.once('close', () => {
    stopWaiting();
    stopping.removeEventListener('abort', end);
  });
  return ending.signal;
};
