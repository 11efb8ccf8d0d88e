import type { Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { systemError } from './failure.ts';
import { BODY_TOO_LARGE } from './transport.ts';

const decoders = new Map<string | null, () => Duplex>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** What decodes a body of this `content-encoding`; undefined for one that is plain, or encoded in no way that is known. */
export const decoderOf = (encoding: string | null): Duplex | undefined => decoders.get(encoding)?.();

/** The text of a body. Rejects as reading does, and with the code BODY_TOO_LARGE for a body of more bytes. */
export const textWithin = async (maxBytes: number, body: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > maxBytes) throw systemError(BODY_TOO_LARGE);
    pieces.push(piece);
  }
  return textOf(pieces);
};

const utf8 = new TextDecoder();

/** Bodies of no more bytes are put together here: what is made anew for each hurries V8 to its next full collection. */
const scratch = Buffer.allocUnsafeSlow(1024 * 1024);

/** The text in pieces of UTF-8, without the mark that some servers begin it with. */
export const textOf = (pieces: readonly Uint8Array[]): string => {
  const [only] = pieces;
  return utf8.decode(only && pieces.length === 1 ? only : inOne(pieces));
};

/** Only until it is called again. */
const inOne = (pieces: readonly Uint8Array[]): Uint8Array => {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length > scratch.length) return Buffer.concat(pieces);
  let at = 0;
  for (const piece of pieces) {
    scratch.set(piece, at);
    at += piece.length;
  }
  return scratch.subarray(0, length);
};
