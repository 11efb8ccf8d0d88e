import type { Piece } from './bytes.ts';

/** In bytes. */
export const SPARE_SIZE = 64 * 1024;

/** As many as answers of that size may be on their way at a time without a new one being made. */
const MOST_SPARE = 16;

const spare: Buffer<ArrayBuffer>[] = [];

/** SPARE_SIZE bytes to write into; what they hold is undefined. */
export const spareBuffer = (): Buffer<ArrayBuffer> => spare.pop() ?? Buffer.allocUnsafeSlow(SPARE_SIZE);

/**
 * Takes back the buffers of an answer, once nobody reads it any more: what is written next may be another's. V8 counts what
 * buffers hold towards its next full collection, and a new one for each long answer made it collect several times a second.
 */
export const giveBack = (pieces: readonly Piece[]): void => {
  for (const piece of pieces) {
    if (typeof piece === 'string' || piece.buffer.byteLength !== SPARE_SIZE || spare.length >= MOST_SPARE) continue;
    spare.push(Buffer.from(piece.buffer));
  }
};
