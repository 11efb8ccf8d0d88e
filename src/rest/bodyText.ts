import type { Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { boundedPieces } from '../boundedPieces.ts';
import { systemError } from './failure.ts';
import { BODY_TOO_LARGE } from './fetch.ts';

const decoders = new Map<string | null, () => Duplex>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** A decoder for this `content-encoding`; undefined if there is none, or an unknown one. */
export const decoderOf = (encoding: string | null): Duplex | undefined => decoders.get(encoding)?.();

/** The text of a body. Rejects as reading does, and with the code BODY_TOO_LARGE once the body exceeds `maxBytes`. */
const readText = async (maxBytes: number, body: AsyncIterable<Uint8Array>): Promise<string> =>
  decodedText(await boundedPieces(body, maxBytes, () => systemError(BODY_TOO_LARGE)));

/** Bytes of the body of an error that are read: the rest is cut off. No real error is that long. */
export const MAX_ERROR_BYTES = 64 * 1024;

/** Whether a response with this status is an error or a redirect, whose body is cut off after MAX_ERROR_BYTES. */
export const isCutOff = (status: number): boolean => status >= 300;

/** The text of a body: its beginning if the status is that of an error. Otherwise rejects as `readText` does. */
export const responseText = (status: number, maxBytes: number, body: AsyncIterable<Uint8Array>): Promise<string> =>
  isCutOff(status) ? readBeginning(body) : readText(maxBytes, body);

const readBeginning = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length >= MAX_ERROR_BYTES) break;
  }
  return decodedText(pieces);
};

const utf8 = new TextDecoder();

/** Bodies up to this size are joined here: a new buffer for each would bring V8's next full collection forward. */
const scratch = Buffer.allocUnsafeSlow(1024 * 1024);

/** Pieces of UTF-8 as text, without a byte order mark. */
export const decodedText = (pieces: readonly Uint8Array[]): string => {
  const [only] = pieces;
  return utf8.decode(only && pieces.length === 1 ? only : concatenated(pieces));
};

/** Valid only until the next call. */
const concatenated = (pieces: readonly Uint8Array[]): Uint8Array => {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > scratch.length) return Buffer.concat(pieces);
  let at = 0;
  for (const piece of pieces) {
    scratch.set(piece, at);
    at += piece.length;
  }
  return scratch.subarray(0, length);
};
