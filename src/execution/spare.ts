import type { Piece } from './bytes.ts';

/** In bytes. */
export const SPARE_SIZE = 64 * 1024;

/** As many results of that size may be sent at a time without a new buffer being allocated. */
const MOST_SPARE = 16;

const spare: Buffer<ArrayBuffer>[] = [];

/** SPARE_SIZE bytes to write into; their content is undefined. */
export const spareBuffer = (): Buffer<ArrayBuffer> => spare.pop() ?? Buffer.allocUnsafeSlow(SPARE_SIZE);

/**
 * Takes back the buffers of a result that has been sent: they will be written over. V8 counts external memory towards its next
 * full collection, and with a new buffer for each long result it collected several times a second.
 */
export const giveBack = (pieces: readonly Piece[]): void => {
  // A deferred value splits a buffer into several pieces, and each buffer must come back once.
  const buffers = new Set<ArrayBuffer>();
  for (const piece of pieces) if (typeof piece !== 'string') buffers.add(piece.buffer);
  for (const buffer of buffers) {
    if (buffer.byteLength === SPARE_SIZE && spare.length < MOST_SPARE) spare.push(Buffer.from(buffer));
  }
};
