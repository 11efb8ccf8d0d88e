/** Limits of the JSON in a request: to parse, check and use it must not keep other requests waiting. */
export interface JsonLimits {
  /** Members of all objects together. A name that is new takes some ten times as long to parse as a value. */
  readonly names: number;
  /** Items of lists, members of objects, lists and objects. */
  readonly values: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN_LIST, OPEN_OBJECT] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x7b];

/**
 * Whether a JSON text that has not been parsed exceeds limits, by what separates names and values outside of strings. It takes a
 * fraction of the time of parsing, and ends once that is known.
 */
export const exceedsJsonLimits = (text: string | Uint8Array, limits: JsonLimits): boolean => {
  if (text.length <= Math.min(limits.names, limits.values)) return false;
  return exceeds(typeof text === 'string' ? Buffer.from(text) : text, limits.names, limits.values);
};

/** A function of its own, since V8 runs its loops several times faster if they see one type of text. */
const exceeds = (bytes: Uint8Array, maxNames: number, maxValues: number): boolean => {
  const { length } = bytes;
  let names = 0;
  let values = 0;
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) index = endOfString(bytes, index + 1);
    else if (byte === COLON) names += 1;
    else if (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT) values += 1;
    if (names > maxNames || values > maxValues) return true;
  }
  return false;
};

/** Where the quote is that ends a string; the length of the text if there is none. */
const endOfString = (bytes: Uint8Array, start: number): number => {
  const { length } = bytes;
  let index = start;
  while (index < length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
  return index;
};

export const describeJsonLimits = ({ names, values }: JsonLimits): string => `${names} names or ${values} values`;
