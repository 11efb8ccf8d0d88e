import type { IncomingMessage, ServerResponse } from 'node:http';

/** Thrown for a body that is longer than allowed, before the rest of it is read. */
export class BodyTooLong extends Error {
  override readonly name = 'BodyTooLong';
  readonly limit: number;

  /** `limit` in bytes. */
  constructor(limit: number) {
    super(`The body of the request is longer than the ${limit} bytes that MAX_BODY_BYTES allows.`);
    this.limit = limit;
  }
}

/** Thrown when the client went away before its body was complete: there is nobody left to answer. */
export class BodyCutShort extends Error {
  override readonly name = 'BodyCutShort';
}

/**
 * The length that the request announces for its body, to which Node's parser holds it; undefined for a chunked body.
 * Throws BodyTooLong before the first byte is read.
 */
export const announcedLength = ({ headers }: IncomingMessage, limit: number): number | undefined => {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  const length = Number(headers['content-length'] ?? 0);
  if (length > limit) throw new BodyTooLong(limit);
  return length;
};

/**
 * Reads the whole body. One that does not announce its length is measured as it arrives, so that never much more than `limit`
 * bytes are held. Rejects with BodyTooLong and BodyCutShort.
 */
export const readBody = (request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> =>
  new Promise((resolve, reject) => {
    announcedLength(request, limit);
    const chunks: Buffer<ArrayBuffer>[] = [];
    let length = 0;
    let complete = false;
    const take = (chunk: Buffer<ArrayBuffer>) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= limit) return;
      request.off('data', take).pause();
      chunks.length = 0; // The listeners below outlive the refusal.
      reject(new BodyTooLong(limit));
    };
    const cutShort = () => {
      if (!complete) reject(new BodyCutShort());
    };
    // The client may have left before anybody listened.
    if (request.destroyed) cutShort();
    request.on('data', take);
    request.once('end', () => {
      complete = true;
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks, length));
    });
    request.once('error', cutShort);
    request.once('close', cutShort);
  });

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const isShort = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length']) <= SHORT_BYTES;

/** A refused body is read to its end, and its connection is used on, if it announces no more bytes. */
const SHORT_BYTES = 64 * 1024;

/** How much of a longer one is still read, in bytes, and after how many milliseconds its connection is closed. */
const DISCARDED_BYTES = 1024 * 1024;
const LINGER_MS = 1000;

/**
 * Throws away the rest of a refused body, to be called before the response. Node reads a short one to its end. Of any other, closing
 * the connection at once would reset it, and a client that is still sending would lose the response. So only our side of it is closed,
 * and the other one LINGER_MS later (RFC 9112, section 9.6). A client that goes on sending is not read any more, and is cut off.
 */
export const discardBody = (request: IncomingMessage, response: ServerResponse): void => {
  if (request.complete || !hasBody(request) || isShort(request)) return;
  const { socket } = request;
  response.setHeader('connection', 'close');
  // What Node calls once the response is written.
  socket.destroySoon = () => socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > DISCARDED_BYTES) request.pause();
  });
};
