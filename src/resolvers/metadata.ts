import { userInputError } from '../context/errors.ts';
import { metadataLimits } from '../wire/metadata.ts';
import type { RestMetadata } from '../wire/page.ts';

const { pairs: MAX_PAIRS, keyLength: MAX_KEY_LENGTH, valueLength: MAX_VALUE_LENGTH } = metadataLimits;

/** Validates metadata from a client. Throws BAD_USER_INPUT that names the invalid pair. Lengths are in code points. */
export const metadataOf = (value: unknown): RestMetadata => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw userInputError('Metadata must be a map of strings, such as { topic: "billing" }.');
  }
  // A variable without a value is undefined, as are all variables while the document is validated.
  const given = Object.entries(value).filter(([, text]) => text !== undefined);
  const pairs = given.map(([key, text]): [string, string] => [key, checked(key, text)]);
  if (pairs.length > MAX_PAIRS) {
    throw userInputError(`Metadata can have at most ${MAX_PAIRS} pairs, got ${pairs.length}.`);
  }
  return Object.fromEntries(pairs);
};

const checked = (key: string, text: unknown) => {
  const shown = JSON.stringify(key.slice(0, MAX_KEY_LENGTH));
  if (lengthOf(key) > MAX_KEY_LENGTH) {
    throw userInputError(
      `Metadata keys can have at most ${MAX_KEY_LENGTH} characters, got ${lengthOf(key)} in the key that begins with ${shown}.`,
    );
  }
  if (typeof text !== 'string')
    throw userInputError(`Metadata values must be strings, got ${JSON.stringify(text)} for ${shown}.`);
  if (lengthOf(text) > MAX_VALUE_LENGTH) {
    throw userInputError(
      `Metadata values can have at most ${MAX_VALUE_LENGTH} characters, got ${lengthOf(text)} for ${shown}.`,
    );
  }
  return text;
};

/** In code points. */
const lengthOf = (text: string) => Array.from(text).length;
