import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type ExecutionResult, OperationTypeNode } from 'graphql';
import type { Caller } from '../access/admission.ts';
import { RequestError, requestError } from '../access/requestError.ts';
import { binaryOf, type Piece } from '../execution/bytes.ts';
import { giveBack } from '../execution/spare.ts';
import { paramsInJson, paramsInSearch } from '../pipeline/params.ts';
import type { Place } from '../pipeline/loadLimit.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { eventPiecesOf, jsonPiecesOf } from '../pipeline/result.ts';
import { BodyTooLong, discardBody, readBody } from './body.ts';
import { cancelledWith } from './cancelledWith.ts';
import { endedLater } from './clientLeft.ts';
import { sendEvents } from './eventStream.ts';
import { headersOf } from './headers.ts';
import { endWith, sendJson } from './json.ts';
import { type MultipartLimits, type MultipartRequest, readMultipart } from './multipart.ts';
import { searchOf } from './requestTarget.ts';
import type { Spool } from './spool.ts';
import { streamEnd } from './streamEnd.ts';
import type { StreamSlots } from './streamSlots.ts';
import { type Accepted, acceptedIn } from './negotiation.ts';

export interface GraphqlHttpOptions extends MultipartLimits {
  readonly pipeline: Pipeline;
  readonly slots: StreamSlots;
  /** Keeps uploaded files. */
  readonly spool: Spool;
  /** Aborted once the server is being stopped. */
  readonly stopping: AbortSignal;
}

/**
 * Serves GraphQL over HTTP: POST and GET, results in JSON, and server-sent events. Rejects if the client has gone before its
 * request was complete; every other failure is answered.
 */
export const serveGraphql = async (
  options: GraphqlHttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
  place?: Place,
): Promise<void> => {
  const accepted = acceptedIn(request.headers.accept);
  try {
    const admitted = options.pipeline.admit({ surface: 'graphql', headers: headersOf(request) });
    const caller = admitted instanceof Promise ? await admitted : admitted;
    const sent = await sentOperation(request, options);
    try {
      await respond(options, sent, place, caller, accepted, request, response);
    } finally {
      if (sent.close !== undefined) await sent.close();
    }
  } catch (error) {
    sendRefusal(refusalOf(error), accepted, request, response);
  }
};

/** Sends an error as the response to a request that is not served. Throws what is not for the client to know. */
export const refuseGraphql = (error: unknown, request: IncomingMessage, response: ServerResponse): void => {
  sendRefusal(refusalOf(error), acceptedIn(request.headers.accept), request, response);
};

/** An operation, in a request of several parts while its files arrive. */
type SentOperation = Pick<MultipartRequest, 'params'> & Partial<MultipartRequest>;

const sentOperation = async (request: IncomingMessage, options: GraphqlHttpOptions): Promise<SentOperation> => {
  const { method, headers } = request;
  if (method === 'GET' || method === 'HEAD') return { params: paramsInSearch(new URLSearchParams(searchOf(request))) };
  if (method !== 'POST') {
    throw requestError(405, 'BAD_USER_INPUT', `GraphQL requests are sent by GET or POST, not ${method}.`, {
      allow: 'GET, POST',
    });
  }
  const isMultipart = checkContent(headers) === 'multipart';
  if (isMultipart) return readMultipart(request, options.spool, options);
  return { params: await paramsInJson(await readBody(request, options.maxBodyBytes)) };
};

const JSON_CONTENT = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

const MULTIPART_CONTENT = /^multipart\/form-data *;/i;

const checkContent = (headers: IncomingMessage['headers']): 'json' | 'multipart' => {
  const { 'content-type': type = 'none', 'content-encoding': encoding } = headers;
  const isJson = type === 'application/json' || JSON_CONTENT.test(type);
  if (!isJson && !MULTIPART_CONTENT.test(type)) {
    throw requestError(
      415,
      'BAD_USER_INPUT',
      `The content-type must be application/json in UTF-8, or multipart/form-data for uploads, got ${type}.`,
    );
  }
  if (encoding !== undefined && encoding !== 'identity') {
    throw requestError(
      415,
      'BAD_USER_INPUT',
      `Request bodies must not be encoded, got the content-encoding ${encoding}.`,
    );
  }
  return isJson ? 'json' : 'multipart';
};

const respond = async (
  { pipeline, slots, stopping }: GraphqlHttpOptions,
  { params, received }: SentOperation,
  place: Place | undefined,
  caller: Caller,
  accepted: Accepted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> => {
  const fetching = pipeline.fetchDocument(params);
  if (fetching !== undefined) await fetching;
  const operation = pipeline.prepare(params, caller, { mutations: request.method === 'POST', place });
  if (received !== undefined) await received;
  const cancellation = cancelledWith(response);
  if (operation.kind === OperationTypeNode.SUBSCRIPTION) {
    if (!accepted.events)
      throw notAcceptable('Subscriptions need a client that accepts text/event-stream, or a WebSocket.');
    takeSlot(slots, response);
    const end = streamEnd(stopping, caller, response);
    return sendEvents(() => endedBy(end, operation.subscribe(cancellation), response), request, response);
  }
  if (accepted.json === undefined && !accepted.events) throw notAcceptable();
  const json = jsonPiecesOf(await operation.execute(cancellation));
  if (accepted.json === undefined) return sendPieces(eventPiecesOf(json), EVENT_STREAM, response);
  return sendPieces(json, { 'content-type': `${accepted.json}; charset=utf-8` }, response);
};

const notAcceptable = (
  message = 'The header accept must allow application/json, application/graphql-response+json or text/event-stream.',
) => requestError(406, 'BAD_USER_INPUT', message);

/** Keeps a slot until the response is over. */
const takeSlot = (slots: StreamSlots, response: ServerResponse) => {
  if (slots.takeUntilClosed(response)) return;
  throw requestError(503, 'OVERLOADED', `There are ${slots.taken} event streams and WebSockets open (MAX_STREAMS).`, {
    'retry-after': '1',
    // Those that are refused must not fill up the connections that may be open.
    connection: 'close',
  });
};

/**
 * The same results, which end early if the signal is aborted: the client then gets a clean end of its stream. If the client leaves, they
 * end a little later.
 */
const endedBy = (
  signal: AbortSignal,
  results: AsyncIterableIterator<ExecutionResult>,
  response: ServerResponse,
): AsyncIterableIterator<ExecutionResult> => {
  const end = () => void results.return?.();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  response.once('close', () => signal.removeEventListener('abort', end));
  const ending: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => ending,
    next: () => results.next(),
    return: () => endedLater(async () => (await results.return?.()) ?? { done: true, value: undefined }),
  };
  return ending;
};

const EVENT_STREAM = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** Writes the pieces at once, together with the head. */
const sendPieces = (pieces: readonly Piece[], headers: OutgoingHttpHeaders, response: ServerResponse) => {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(200, { ...headers, 'content-length': length });
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'string') {
    endWith(response, only, 'latin1');
    return;
  }
  const last = pieces.length - 1;
  if (last > 0) response.once('finish', () => giveBack(pieces));
  for (const piece of pieces.slice(0, last)) response.write(piece, 'latin1');
  response.end(pieces[last], 'latin1');
};

/** Throws what is not for the client to know. */
const refusalOf = (error: unknown): RequestError => {
  if (error instanceof RequestError) return error;
  if (error instanceof BodyTooLong) return requestError(413, 'BAD_USER_INPUT', error.message);
  throw error;
};

const sendRefusal = (
  { status, errors, headers, inDocument }: RequestError,
  { json, events }: Accepted,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  discardBody(request, response);
  if (json === undefined && events && inDocument) {
    return sendPieces(eventPiecesOf([binaryOf(JSON.stringify({ errors }))]), EVENT_STREAM, response);
  }
  const mediaType = json ?? 'application/json';
  const isLegacy = inDocument && mediaType === 'application/json';
  return sendJson(
    response,
    isLegacy ? 200 : status,
    { errors },
    { ...headers, 'content-type': `${mediaType}; charset=utf-8` },
  );
};
