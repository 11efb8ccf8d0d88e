import { setImmediate as nextTurn } from 'node:timers/promises';
import { exceedsJsonLimits, type JsonLimits } from './jsonValues.ts';

/** In bytes. Of a longer text, 16 MiB at most, each step takes 10 to 60 ms, and has a turn of the event loop to itself. */
const LONG = 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

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
  if (isLong) await nextTurn();
  const decoded = typeof text === 'string' ? text : utf8.decode(text);
  if (isLong) await nextTurn();
  return decoded;
};
