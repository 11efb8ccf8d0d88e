import { z } from 'zod';
import { metadataLimits } from '../../wire/metadata.ts';
import type { RestMetadata } from '../../wire/page.ts';
import { characterCount } from './errorTexts.ts';

// Limits are checked here and not by zod's own `max`, which counts UTF-16 units in strings and calls integers and
// decimals alike. The `origin` of an issue selects its message in `errorTexts.ts`.

// A string never has more code points than units, so short strings need no counting.
const isLonger = (value: string, maximum: number) => value.length > maximum && characterCount(value) > maximum;

const tooLong = (origin: 'string' | 'property name', maximum: number, input: string) =>
  ({ code: 'too_big', origin, maximum, inclusive: true, input }) as const;

/** A string of at most `maximum` characters. */
export const text = (maximum: number) =>
  z.string().check(({ value, issues }) => {
    if (isLonger(value, maximum)) issues.push(tooLong('string', maximum, value));
  });

/** A string that must not be empty. */
export const filled = z.string().check(({ value, issues }) => {
  if (value === '') issues.push({ code: 'too_small', origin: 'string', minimum: 1, inclusive: true, input: value });
});

const range =
  (origin: 'int' | 'decimal', minimum: number, maximum: number): z.core.CheckFn<number> =>
  ({ value, issues }) => {
    if (value > maximum) issues.push({ code: 'too_big', origin, maximum, inclusive: true, input: value });
    if (value < minimum) issues.push({ code: 'too_small', origin, minimum, inclusive: true, input: value });
  };

// zod's own integers report "expected a number" for a string.
const anyInteger = z.unknown().transform((value, { issues }) => {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  issues.push({ code: 'invalid_type', expected: 'int', input: value });
  return z.NEVER;
});

export const integer = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  anyInteger.pipe(z.number().check(range('int', minimum, maximum)));

export const decimal = (minimum: number, maximum: number) => z.number().check(range('decimal', minimum, maximum));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any JSON object, kept as it was sent. zod's own records drop the key `__proto__`. */
export const freeObject = z.unknown().transform((value, { issues }) => {
  if (isObject(value)) return value;
  issues.push({ code: 'invalid_type', expected: 'record', input: value });
  return z.NEVER;
});

/** Pairs of strings within `metadataLimits`. */
export const metadata = freeObject.transform((value, { issues }): RestMetadata => {
  const { pairs, keyLength, valueLength } = metadataLimits;
  const sent = Object.entries(value);
  if (sent.length > pairs) {
    issues.push({ code: 'too_big', origin: 'object', maximum: pairs, inclusive: true, input: value });
  }
  const kept = sent.flatMap(([key, given]): [string, string][] => {
    if (isLonger(key, keyLength)) issues.push(tooLong('property name', keyLength, key));
    if (typeof given === 'string') {
      if (isLonger(given, valueLength)) issues.push({ ...tooLong('string', valueLength, given), path: [key] });
      return [[key, given]];
    }
    issues.push({ code: 'invalid_type', expected: 'string', input: given, path: [key] });
    return [];
  });
  return Object.fromEntries(kept);
});
