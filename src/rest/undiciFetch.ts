import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, type Dispatcher, errors } from 'undici';
import { BODY_TOO_LARGE, type Fetch } from './transport.ts';

export interface UndiciFetchOptions {
  /** Connections to one host at a time; further calls wait for one to be free. Streams have connections of their own. */
  maxSockets: number;
  /** Bytes of one body. */
  maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** As for cross-fetch: connections are let go before servers that close idle ones after 5 seconds do so. */
const IDLE_MS = 4_000;

/**
 * undici's own interface, without the Request and Response of the Fetch standard. It asks for no compression, but reads
 * what comes compressed all the same.
 */
export const undiciFetch = ({ maxSockets, maxBodyBytes = MAX_BODY_BYTES }: UndiciFetchOptions): Fetch => {
  // Every call has a deadline of its own.
  const common = { keepAliveTimeout: IDLE_MS, headersTimeout: 0, bodyTimeout: 0 };
  const calls = new Agent({ ...common, connections: maxSockets, maxResponseSize: maxBodyBytes });
  const streams = new Agent(common);

  return async (url, { streaming = false, method, headers, body, signal }) => {
    const pathStart = url.indexOf('/', url.indexOf('://') + 3);
    const answering = (streaming ? streams : calls).request({
      origin: url.slice(0, pathStart),
      path: url.slice(pathStart),
      method,
      headers,
      body: body ?? null,
      signal,
    });
    const answer = await answering.catch(explainFailure);
    return {
      status: answer.statusCode,
      headers: {
        get: (name) => {
          const value = answer.headers[name];
          return Array.isArray(value) ? value.join(', ') : (value ?? null);
        },
      },
      ...bodyOf(answer.body, answer.headers['content-encoding'], maxBodyBytes),
    };
  };
};

const decoders = new Map<unknown, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

const bodyOf = (body: Dispatcher.ResponseData['body'], encoding: unknown, maxBodyBytes: number) => {
  const decoder = decoders.get(encoding)?.();
  if (!decoder) return { body, text: () => body.text().catch(explainSize) };
  // A failure of either is seen by whoever reads the decoder.
  pipeline(body, decoder, () => {});
  return { body: decoder, text: () => boundedText(decoder, maxBodyBytes) };
};

const boundedText = async (body: AsyncIterable<Buffer>, maxBytes: number) => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > maxBytes) throw withCode(new Error(BODY_TOO_LARGE), BODY_TOO_LARGE);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length).toString();
};

/** Gives undici's own failures the codes that Node's client has for them. */
const explainFailure = (error: unknown): never => {
  if (error instanceof errors.SocketError) throw withCode(error, 'ECONNRESET');
  if (error instanceof errors.HTTPParserError) throw withCode(error, error.code ?? 'HPE_INVALID_CONSTANT');
  throw error;
};

const withCode = (error: Error, code: string) => Object.assign(error, { code });

const explainSize = (error: unknown): never => {
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
  throw isTooLarge ? withCode(error, BODY_TOO_LARGE) : error;
};
