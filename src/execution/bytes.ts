/** Bytes in Node's encoding `latin1`, a character for each: cheaper than a Buffer for short pieces. */
export type BinaryString = string;

/** Bytes. Long pieces are Buffers: as a string they would be copied twice more on their way out. */
export type Piece = BinaryString | Uint8Array<ArrayBuffer>;

/** Joins strings that follow one another. */
export const joined = (pieces: readonly Piece[]): Piece[] => {
  const all: Piece[] = [];
  let strings = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      strings += piece;
      continue;
    }
    if (strings !== '') all.push(strings);
    strings = '';
    all.push(piece);
  }
  if (strings !== '') all.push(strings);
  return all;
};

export const bytesOf = (pieces: readonly Piece[]): Buffer<ArrayBuffer> =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)));

/** The bytes of a text in UTF-8. */
export const binaryOf = (text: string): BinaryString => Buffer.from(text).toString('latin1');

/** JSON in UTF-8, for what is written often. */
export const encoded = (json: string): Uint8Array => Uint8Array.from(Buffer.from(json));

/** The JSON of a missing value. */
export const NULL = encoded('null');
