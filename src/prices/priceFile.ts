import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseDecimal } from './decimal.ts';
import type { TokenPrice } from './price.ts';

/** Says what is wrong with a price file. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';
}

const amount = z.unknown().transform((value, context) => {
  const parsed = typeof value === 'string' || typeof value === 'number' ? parseDecimal(value) : undefined;
  if (parsed !== undefined) return parsed;
  context.addIssue('must be the price of a million tokens, such as "2.50"');
  return z.NEVER;
});

/** The error for a value that is no object, or for its first member that is not among `known`. */
const objectError =
  (
    message: string,
    known: string,
  ): z.core.$ZodErrorMap<z.core.$ZodIssueInvalidType | z.core.$ZodIssueUnrecognizedKeys> =>
  (issue) =>
    issue.code === 'unrecognized_keys' ? `has the unknown member ${issue.keys[0]}; known are ${known}` : message;

const price = z.strictObject(
  { input: amount, cachedInput: amount.optional(), output: amount },
  {
    error: objectError(
      'must be null or an object with input, output and optionally cachedInput',
      'input, cachedInput and output',
    ),
  },
);

const schema = z.strictObject(
  {
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "USD"')
      .default('USD'),
    models: z.record(z.string(), price.nullable(), { error: 'must be an object of prices by model name' }),
  },
  { error: objectError('must be a JSON object with models and optionally currency', 'currency and models') },
);

/** Prices by model name. In a name, `*` stands for any text. Null is a model whose price is not known. */
export type PricesByModel = ReadonlyMap<string, TokenPrice | null>;

/**
 * Reads a price file, such as `{"currency":"EUR","models":{"gpt-4o*":{"input":"2.50","cachedInput":"1.25","output":"10"},
 * "*":null}}`. Prices are per million tokens, as decimal text or numbers. `currency` is USD by default, `cachedInput` is
 * the same as `input`.
 * @throws {PriceFileError}
 */
export const readPriceFile = (path: string): PricesByModel => {
  const result = schema.safeParse(jsonIn(path));
  if (!result.success) throw new PriceFileError(firstProblem(result.error));
  const { currency, models } = result.data;
  const entries = Object.entries(models).map(([model, given]): [string, TokenPrice | null] => [
    model,
    given && { ...given, cachedInput: given.cachedInput ?? given.input, currency },
  ]);
  return new Map(entries);
};

const jsonIn = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new PriceFileError(`not JSON: ${error.message}`);
    throw new PriceFileError(
      error instanceof Error && 'code' in error ? `cannot be read: ${String(error.code)}` : 'cannot be read',
    );
  }
};

const firstProblem = ({ issues: [issue] }: z.ZodError) => {
  const place = issue?.path.map(String).join(' > ') ?? '';
  return place === '' ? `${issue?.message}` : `${place}: ${issue?.message}`;
};
