import { LRUCache } from 'lru-cache';

/** How a client wants its result. */
export interface Accepted {
  /** The media type of a result in JSON; undefined if the client accepts none. */
  readonly json: string | undefined;
  /** Whether the client accepts server-sent events. */
  readonly events: boolean;
}

/** The media type of JSON by the media type or the range that a client lists. */
const jsonTypes = new Map([
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
]);

const eventTypes = new Set(['*/*', 'text/*', 'text/event-stream']);

/** What nearly all clients send, and what it means. */
const ANY: Accepted = { json: 'application/json', events: true };

/** What was accepted by headers that were read before: a client sends the same one with each request. */
const known = new LRUCache<string, Accepted>({ max: 100 });

/** Longer headers are read each time, in characters. */
const MAX_KNOWN_LENGTH = 200;

/**
 * Reads the header `accept`. Of several types for JSON the first counts, whatever their `q`, as in graphql-yoga. Types with a
 * charset other than UTF-8 are not accepted. Without the header anything is.
 */
export const acceptedIn = (accept: string | undefined): Accepted => {
  if (accept === undefined || accept === '*/*') return ANY;
  if (accept.length > MAX_KNOWN_LENGTH) return read(accept);
  let accepted = known.get(accept);
  if (accepted === undefined) {
    accepted = read(accept);
    known.set(accept, accepted);
  }
  return accepted;
};

const read = (accept: string): Accepted => {
  let json: string | undefined;
  let events = false;
  for (const listed of accept.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    const [range = '', ...parameters] = listed.split(';');
    if (parameters.some((one) => one.startsWith('charset=') && one !== 'charset=utf-8')) continue;
    json ??= jsonTypes.get(range);
    events ||= eventTypes.has(range);
  }
  return { json, events };
};
