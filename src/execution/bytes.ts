/** Bytes as Node's encoding `latin1` has them, a character for each: what is short costs less so than as a Buffer. */
export type BinaryString = string;

/** Bytes. What is long is a Buffer: as a string it would be copied twice more on its way out. */
export type Piece = BinaryString | Uint8Array<ArrayBuffer>;

/** Makes one of strings that follow one another. */
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

/** The bytes of a text in UTF-8. */
export const binaryOf = (text: string): BinaryString => Buffer.from(text).toString('latin1');

/** JSON, to be written often. */
export const encoded = (json: string): Uint8Array => Uint8Array.from(Buffer.from(json));

/** What stands where a value is missing. */
export const NULL = encoded('null');
