import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HeadersView } from './credentials.ts';

/** The header that carries the id of a request: from clients, to the upstream, and back to clients. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Visible characters that need no quoting in any log or header; long enough for two UUIDs and a separator. */
const WELL_FORMED = /^[\w.:+/=@-]{1,80}$/;

/** The id in the header `x-request-id` if it is well-formed, else a new one. */
export const requestIdIn = (headers: HeadersView): string => {
  const given = headers.get(REQUEST_ID_HEADER);
  return given !== null && WELL_FORMED.test(given) ? given : randomUUID();
};

/** Returns the id of a request of node:http, and leaves it as the only value of its header, for all that read it later. */
export const assignRequestId = (request: IncomingMessage): string => {
  const given = request.headers[REQUEST_ID_HEADER];
  const id = typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
  request.headers[REQUEST_ID_HEADER] = id;
  return id;
};
