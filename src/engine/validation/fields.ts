import { z } from 'zod';
import { lengthOf } from './sentences.ts';

// Limits are checked here and not by zod's own `max`, which counts UTF-16 units in strings and calls integers and
// decimals alike. The origin of an issue chooses its sentence in `sentences.ts`.

const length =
  (origin: 'string' | 'property name', maximum: number): z.core.CheckFn<string> =>
  ({ value, issues }) => {
    // There are never more code points than units, so short strings need no counting.
    if (value.length > maximum && lengthOf(value) > maximum) {
      issues.push({ code: 'too_big', origin, maximum, inclusive: true, input: value });
    }
  };

/** A string of at most `maximum` characters. */
export const text = (maximum: number) => z.string().check(length('string', maximum));

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

// zod's own integers ask for "a number" where a string is sent.
const anyInteger = z.unknown().transform((value, { issues }) => {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  issues.push({ code: 'invalid_type', expected: 'int', input: value });
  return z.NEVER;
});

export const integer = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  anyInteger.pipe(z.number().check(range('int', minimum, maximum)));

export const decimal = (minimum: number, maximum: number) => z.number().check(range('decimal', minimum, maximum));

/** 16 pairs of strings; keys of up to 64 characters, values of up to 512. */
export const metadata = z.record(z.string(), text(512)).check(({ value, issues }) => {
  const keys = Object.keys(value);
  if (keys.length > 16) {
    issues.push({ code: 'too_big', origin: 'object', maximum: 16, inclusive: true, input: value });
  }
  const checkKey = length('property name', 64);
  for (const key of keys) {
    const findings: z.core.ParsePayload<string> = { value: key, issues: [] };
    void checkKey(findings);
    issues.push(...findings.issues);
  }
});
