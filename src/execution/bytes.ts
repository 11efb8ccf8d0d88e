/** Bytes as Node's encoding `latin1` has them, a character for each: what is short costs less so than as a Buffer. */
export type BinaryString = string;

/** The bytes of a text in UTF-8. */
export const binaryOf = (text: string): BinaryString => Buffer.from(text).toString('latin1');

/** JSON, to be written often. */
export const encoded = (json: string): Uint8Array => Uint8Array.from(Buffer.from(json));

/** What stands where a value is missing. */
export const NULL = encoded('null');
