import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestView } from '../context/context.ts';
import type { Piece } from '../execution/bytes.ts';
import { giveBack } from '../execution/spare.ts';
import type { Operation, Operations } from '../pipeline/operations.ts';
import { ManualCancellation } from '../rest/cancellation.ts';
import { jsonTypeIn } from './accept.ts';
import { headersOf } from './headers.ts';

/** Answers those requests that `mediaTypeFor` has a media type for. */
export interface PlainGraphql {
  readonly mediaTypeFor: (request: IncomingMessage) => string | undefined;
  /** False where the request, with this body, is none of the plain ones: then nothing has been executed. */
  readonly answer: (
    body: Buffer,
    mediaType: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<boolean>;
}

/**
 * Answers a well-formed query or mutation at a fraction of what yoga's adapter between node:http and Request costs.
 * Whatever is not well-formed, or not admitted, is left to yoga, which knows how to say so.
 */
export const plainGraphql = (
  operations: Operations,
  admits: (headers: Pick<Headers, 'get'>) => boolean,
): PlainGraphql => ({
  mediaTypeFor: (request) => (admits(headersOf(request)) ? plainMediaType(request) : undefined),
  answer: async (body, mediaType, request, response) => {
    const operation = operationIn(body);
    const json = operation && (await operations(operation, new View(request, response)));
    if (json === undefined) return false;
    response.writeHead(200, {
      'content-type': `${mediaType}; charset=utf-8`,
      'content-length': lengthOf(json),
      ...corsOf(request),
    });
    send(json, response);
    return true;
  },
});

const lengthOf = (pieces: readonly Piece[]) => pieces.reduce((sum, { length }) => sum + length, 0);

/** Node writes them at once, with the head; a single string even as one with it. */
const send = (pieces: readonly Piece[], response: ServerResponse) => {
  const last = pieces.length - 1;
  if (last > 0) response.once('finish', () => giveBack(pieces));
  for (const piece of pieces.slice(0, last)) response.write(piece, 'latin1');
  response.end(pieces[last], 'latin1');
};

/** What a browser has to know before it hands the answer to a page of another origin: as yoga tells it, for one that may ask. */
const corsOf = ({ headers: { origin } }: IncomingMessage) =>
  origin === undefined
    ? undefined
    : { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' };

/** Undefined for what is not JSON for JSON. */
const plainMediaType = ({ method, headers }: IncomingMessage): string | undefined => {
  const isJson = method === 'POST' && headers['content-type']?.startsWith('application/json') === true;
  return isJson && headers['content-encoding'] === undefined ? jsonTypeIn(headers.accept) : undefined;
};

const MEMBERS = new Set(['query', 'operationName', 'variables', 'extensions']);

const operationIn = (body: Buffer): Operation | undefined => {
  const parsed = parsedJson(body.toString());
  if (!isObject(parsed) || Object.keys(parsed).some((member) => !MEMBERS.has(member))) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = parsed;
  if (typeof query !== 'string') return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (extensions !== null && !isObject(extensions)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As much of a Request as contexts are made of. */
class View implements RequestView {
  readonly headers: RequestView['headers'];
  readonly cancellation = new ManualCancellation();

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.headers = headersOf(request);
    if (response.destroyed) this.cancellation.cancel();
    response.once('close', () => {
      if (!response.writableFinished) this.cancellation.cancel();
    });
  }

  // Of a class: a getter in an object literal gets V8 to keep the request until the old generation is collected.
  get signal(): AbortSignal {
    return this.cancellation.signal;
  }
}
