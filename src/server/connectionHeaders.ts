import type { IncomingMessage } from 'node:http';
import { checkOnce, CREDENTIAL_HEADERS, unreadableCredentials } from '../access/credentials.ts';
import { ROUTER_HEADER } from '../access/routerSecret.ts';

/** Levels of the payload in which credentials are looked for. */
const MAX_DEPTH = 5;

/** The headers that a client may send in the payload of `connection_init`, since browsers cannot choose those of a WebSocket. */
const IN_PAYLOAD = new Set<string>([...CREDENTIAL_HEADERS, ROUTER_HEADER]);

/**
 * The headers of a WebSocket. Credentials in the payload of `connection_init`, at its top or in its member `headers` and in
 * any case, take the place of those that came with the upgrade request. Throws RequestError with status 401 if they are no
 * strings that a header can hold, if two of one name differ, or if they are in another place, since they must never be taken for
 * absent ones; null counts as absent.
 */
export const connectionHeaders = (request: IncomingMessage, payload: unknown): Headers => {
  const headers = new Headers();
  for (const name of CREDENTIAL_HEADERS) checkOnce(name, request.rawHeaders);
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && isHeader(name, String(value))) headers.set(name, String(value));
  }
  const given = new Map<string, string>();
  for (const [key, value] of [...entriesOf(payload), ...headerPairsIn(payload)]) {
    const name = nameIn(key);
    if (!IN_PAYLOAD.has(name) || value == null) continue;
    const isOther = given.has(name) && given.get(name) !== value;
    if (typeof value !== 'string' || !isHeader(name, value) || isOther) throw unreadable(key);
    given.set(name, value);
    headers.set(name, value);
  }
  for (const [key, value] of entriesOf(payload)) if (!isHeaders(key) && hidesCredentials(value)) throw unreadable(key);
  return headers;
};

const unreadable = (name: string) => unreadableCredentials(`connectionParams.${name.trim()}`);

const nameIn = (key: string): string => key.trim().toLowerCase();

const isHeaders = (key: string): boolean => nameIn(key) === 'headers';

/** The pairs of the member `headers`: an object, or a list of pairs. */
const headerPairsIn = (payload: unknown): [string, unknown][] =>
  entriesOf(payload).flatMap(([key, headers]) => {
    if (!isHeaders(key) || headers == null) return [];
    if (typeof headers !== 'object') throw unreadable(key);
    if (!Array.isArray(headers)) return Object.entries(headers);
    return headers.map((pair: unknown): [string, unknown] => {
      if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') throw unreadable(key);
      return [pair[0], pair[1]];
    });
  });

/** Whether an object has credentials at any depth, in places where they are not read. */
const hidesCredentials = (value: unknown, depth = 0): boolean =>
  depth < MAX_DEPTH &&
  entriesOf(value).some(
    ([key, member]) => (IN_PAYLOAD.has(nameIn(key)) && member != null) || hidesCredentials(member, depth + 1),
  );

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const isHeader = (name: string, value: string): boolean => {
  try {
    new Headers().set(name, value);
    return true;
  } catch {
    return false;
  }
};
