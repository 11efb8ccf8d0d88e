import type { IncomingMessage } from 'node:http';
import { CREDENTIAL_HEADERS, unreadableCredentials } from '../access/credentials.ts';
import { ROUTER_HEADER } from '../access/routerSecret.ts';

/** The headers that a client may send in the payload of `connection_init`, since browsers cannot choose those of a WebSocket. */
const IN_PAYLOAD = new Set<string>([...CREDENTIAL_HEADERS, ROUTER_HEADER]);

/**
 * The headers of a WebSocket. Credentials in the payload of `connection_init`, at its top or in its member `headers` and in
 * any case, take the place of those that came with the upgrade request. Throws RequestError with status 401 if they are no
 * strings that a header can hold; null counts as absent.
 */
export const connectionHeaders = (request: IncomingMessage, payload: unknown): Headers => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && isHeader(name, String(value))) headers.set(name, String(value));
  }
  for (const [name, value] of [...entriesOf(payload), ...entriesOf(memberOf(payload, 'headers'))]) {
    if (!IN_PAYLOAD.has(name.toLowerCase()) || value == null) continue;
    if (typeof value !== 'string' || !isHeader(name, value)) throw unreadableCredentials(`connectionParams.${name}`);
    headers.set(name, value);
  }
  return headers;
};

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const memberOf = (value: unknown, name: string): unknown => entriesOf(value).find(([key]) => key === name)?.[1];

const isHeader = (name: string, value: string): boolean => {
  try {
    new Headers().set(name, value);
    return true;
  } catch {
    return false;
  }
};
