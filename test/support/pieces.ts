import type { Piece } from '../../src/execution/bytes.ts';

/** The text that is sent in pieces. */
export const textOf = (pieces: readonly Piece[]): string =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece))).toString();
