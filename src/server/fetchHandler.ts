import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.ts';

/** A server that is one function, as the embedded engine is. */
export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Lets `handler` answer one request of node:http. A streamed answer is passed on piece by piece; a client that leaves aborts
 * the request's `signal` and cancels the body of the answer. Rejects as readBody and `handler` do, and when the body of the
 * answer fails, of which a part is then sent.
 */
export const answerWith = async (
  handler: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  maxBodyBytes: number,
): Promise<void> => {
  const body = await readBody(incoming, maxBodyBytes);
  const left = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) left.abort();
  });
  const response = await handler(toRequest(incoming, body, left.signal));
  // As an array, since each `set-cookie` must stay a header of its own.
  outgoing.writeHead(response.status, [...response.headers].flat());
  // Node would hold the head back until the first event, and the client would not know that it is being served.
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) outgoing.flushHeaders();
  if (response.body !== null) await send(response.body, outgoing);
  outgoing.end();
};

const toRequest = (incoming: IncomingMessage, body: Buffer<ArrayBuffer>, signal: AbortSignal) => {
  const { url = '/', method = 'GET' } = incoming;
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, each]),
  );
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  return new Request(`http://localhost${url}`, { method, headers, signal, body: hasBody ? body : null });
};

const send = async (body: ReadableStream<Uint8Array>, outgoing: ServerResponse) => {
  const reader = body.getReader();
  // Through the reader, since an iterator of the stream would cancel only once the next piece has come.
  const cancel = () => {
    reader.cancel().catch(() => {});
  };
  outgoing.once('close', cancel);
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (outgoing.destroyed) cancel();
    else if (!outgoing.write(piece.value)) await writable(outgoing);
  }
};

const writable = (outgoing: ServerResponse) =>
  new Promise<void>((resolve) => {
    if (outgoing.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });
