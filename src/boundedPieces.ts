/**
 * The pieces of a body of at most `maxBytes`. Rejects as reading does, and with the error of `tooLarge` at the first piece that
 * exceeds the limit: the rest is not read.
 */
export const boundedPieces = async <Piece extends Uint8Array>(
  body: AsyncIterable<Piece> | Iterable<Piece>,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<Piece[]> => {
  const pieces: Piece[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return pieces;
};
