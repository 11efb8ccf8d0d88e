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
  // One type of text, since the loop is several times slower for two.
  const bytes: Uint8Array = typeof text === 'string' ? Buffer.from(text) : text;
  let [names, values] = [0, 0];
  let isInString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const character = bytes[index];
    if (isInString) {
      if (character === BACKSLASH) index += 1;
      else if (character === QUOTE) isInString = false;
    } else if (character === QUOTE) isInString = true;
    else if (character === COLON) names += 1;
    else if (character === COMMA || character === OPEN_LIST || character === OPEN_OBJECT) values += 1;
    if (names > limits.names || values > limits.values) return true;
  }
  return false;
};

export const describeJsonLimits = ({ names, values }: JsonLimits): string => `${names} names or ${values} values`;
