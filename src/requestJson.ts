import { setImmediate as nextTurn } from 'node:timers/promises';
import { exceedsJsonLimits, type JsonLimits } from './jsonValues.ts';

/** In bytes. Of a longer text, each step has a turn of the event loop to itself: to check or to parse 16 MiB takes 10 to 30 ms. */
const LONG = 1024 * 1024;

/** To decode 16 MiB takes 60 ms. */
const DECODED_IN_A_TURN = 4 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** For what follows the start of a text: a byte order mark is a character there. */
const utf8Within = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** To be awaited once a text has been parsed: what is done with a long one has a turn of the event loop to itself too. */
export const afterParsing = async (text: string): Promise<void> => {
  if (text.length > LONG) await nextTurn();
};

/**
 * The text of the JSON that a client sent, to be parsed at once. Rejects with what `exceeded` returns if it exceeds the limits, and
 * with a TypeError if it is not UTF-8.
 */
export const readJson = async (
  text: string | Uint8Array,
  limits: JsonLimits,
  exceeded: () => Error,
): Promise<string> => {
  const isLong = text.length > LONG;
  if (isLong) await nextTurn();
  if (exceedsJsonLimits(text, limits)) throw exceeded();
  if (typeof text !== 'string') return isLong ? decodedInTurns(text) : utf8.decode(text);
  if (isLong) await nextTurn();
  return text;
};

const decodedInTurns = async (bytes: Uint8Array) => {
  let text = '';
  let end = 0;
  for (let start = 0; start < bytes.length; start = end) {
    await nextTurn();
    end = characterStart(bytes, start + DECODED_IN_A_TURN);
    text += (start === 0 ? utf8 : utf8Within).decode(bytes.subarray(start, end));
  }
  await nextTurn();
  return text;
};

/** Where the next character starts, at `index` or up to three bytes later. The other bytes of a character are 10xxxxxx. */
const characterStart = (bytes: Uint8Array, index: number): number => {
  let start = index;
  while (start < index + 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
};
