import { z } from 'zod';
import { metadataLimits } from '../../wire/metadata.ts';
import { characterCount } from './errorTexts.ts';

// Limits are checked here and not by zod's own `max`, which counts UTF-16 units in strings and calls integers and
// decimals alike. The `origin` of an issue selects its message in `errorTexts.ts`.

// A string never has more code points than units, so short strings need no counting.
const isLonger = (value: string, maximum: number) => value.length > maximum && characterCount(value, maximum) > maximum;

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

/** Maximum number of items of a list for which the API states no limit: a request must not keep others waiting. */
const MAX_ITEMS = 1000;

/** A list of at most 1,000 items. In one that is longer no item is looked at. */
export const boundedList = <Item>(item: z.ZodType<Item>, minimum = 0) =>
  z.array(z.unknown()).max(MAX_ITEMS).pipe(z.array(item).min(minimum));

interface PairLimits {
  pairs: number;
  keyLength: number;
  valueLength: number;
}

/** An object with pairs within the limits. Their values are strings, or what `isOther` accepts: by default nothing. */
export const pairs = <Other = never>(limits: PairLimits, isOther?: (value: unknown) => value is Other) =>
  freeObject.transform((value, { issues }): Record<string, string | Other> => {
    const sent = Object.entries(value);
    if (sent.length > limits.pairs) {
      issues.push({ code: 'too_big', origin: 'object', maximum: limits.pairs, inclusive: true, input: value });
    }
    const kept = sent.flatMap(([key, given]): [string, string | Other][] => {
      if (isLonger(key, limits.keyLength)) issues.push(tooLong('property name', limits.keyLength, key));
      if (typeof given === 'string') {
        if (isLonger(given, limits.valueLength)) {
          issues.push({ ...tooLong('string', limits.valueLength, given), path: [key] });
        }
        return [[key, given]];
      }
      if (isOther !== undefined && isOther(given)) return [[key, given]];
      issues.push({ code: 'invalid_type', expected: 'string', input: given, path: [key] });
      return [];
    });
    return Object.fromEntries(kept);
  });

/** Pairs of strings within `metadataLimits`. */
export const metadata = pairs(metadataLimits);
