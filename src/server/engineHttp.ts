import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineRequest, EngineResponse, EventStreamResponse } from '../engine/engineRequest.ts';
import { discardBody, readBody } from './body.ts';
import { bodyStream } from './bodyStream.ts';
import { onClientLeft } from './clientLeft.ts';
import { headersOf } from './headers.ts';
import { sendError, sendText } from './json.ts';
import type { StreamSlots } from './streamSlots.ts';
import { writable } from './writable.ts';

/** A server that is one function, as the embedded engine is. */
export type RequestHandler = (request: EngineRequest) => Promise<EngineResponse>;

export interface RequestHandlerOptions {
  /** The most that the body of a request may hold. */
  readonly maxBodyBytes: number;
  /** Whether the handler gets the body as it arrives, and limits it itself. False by default. */
  readonly streamsBody?: boolean;
  readonly slots: StreamSlots;
  /** Aborted when event streams have to end. */
  readonly stopping: AbortSignal;
}

/**
 * Lets `handler` respond to one request of node:http. A streamed response is passed on piece by piece; a client that leaves
 * cancels its body. Rejects as readBody and `handler` do, and when the body of the response fails, of which a part is then sent.
 */
export const respondWith = async (
  handler: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { maxBodyBytes, streamsBody = false, slots, stopping }: RequestHandlerOptions,
): Promise<void> => {
  const body = streamsBody ? bodyStream(incoming) : await readBody(incoming, maxBodyBytes);
  // Before the handler acts, so that no run is started for a client that will not learn of it.
  if (slots.isFull && body instanceof Buffer && ASKS_FOR_STREAM.test(body.toString('latin1')))
    return sendNoSlot(outgoing);
  const response = await handler(requestOf(incoming, body));
  // The handler may reject a request before all of its body has arrived.
  discardBody(incoming, outgoing);
  if ('events' in response) return sendEventTexts(response, outgoing, slots, stopping);
  if (!(response instanceof Response)) return sendText(outgoing, response.status, response.text, response.headers);
  for (const [name, value] of response.headers) {
    // Each cookie must stay a header of its own.
    if (name === 'set-cookie') outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
  outgoing.writeHead(response.status);
  if (response.body !== null) await send(response.body, outgoing);
  outgoing.end();
};

const ASKS_FOR_STREAM = /"stream"\s*:\s*true/;

const sendNoSlot = (outgoing: ServerResponse) =>
  sendError(outgoing, 503, 'Too many event streams and WebSockets are open (MAX_STREAMS).', {
    'retry-after': '1',
    connection: 'close',
  });

const requestOf = (
  incoming: IncomingMessage,
  body: Buffer<ArrayBuffer> | ReadableStream<Uint8Array>,
): EngineRequest => {
  const { url = '/', method = 'GET' } = incoming;
  const hasBody = !(body instanceof Buffer && body.length === 0) && method !== 'GET' && method !== 'HEAD';
  return { method, url: `http://localhost${url}`, headers: headersOf(incoming), body: hasBody ? body : null };
};

const send = async (body: ReadableStream<Uint8Array>, outgoing: ServerResponse) => {
  const reader = body.getReader();
  // Through the reader, since an iterator of the stream would cancel only once the next piece has come.
  const cancel = () => {
    reader.cancel().catch(() => {});
  };
  onClientLeft(outgoing, cancel);
  if (outgoing.destroyed) cancel();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (outgoing.destroyed) cancel();
    else if (!outgoing.write(piece.value)) await writable(outgoing);
  }
};

const sendEventTexts = async (
  { status, headers, events }: EventStreamResponse,
  outgoing: ServerResponse,
  slots: StreamSlots,
  stopping: AbortSignal,
) => {
  const close = () => events.close();
  if (outgoing.destroyed) return close();
  if (!slots.takeUntilClosed(outgoing)) {
    close();
    return sendNoSlot(outgoing);
  }
  onClientLeft(outgoing, close);
  outgoing.once('close', () => stopping.removeEventListener('abort', close));
  if (stopping.aborted) close();
  stopping.addEventListener('abort', close, { once: true });
  outgoing.writeHead(status, headers);
  // Node holds the head back until the first event. If that does not come soon, the client has to know that it is being served.
  const flushing = setImmediate(() => outgoing.flushHeaders());
  try {
    for (let text = await events.next(); text !== undefined; text = await events.next()) {
      clearImmediate(flushing);
      if (outgoing.destroyed) close();
      else if (!outgoing.write(text)) await writable(outgoing);
    }
  } finally {
    clearImmediate(flushing);
  }
  outgoing.end();
};
