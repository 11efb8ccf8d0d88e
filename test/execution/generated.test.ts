import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { prepare } from '../../src/execution/prepared.ts';
import { prepareByGraphqlJs } from '../../src/execution/graphqlJs.ts';
import { randomFrom } from '../loaders/random.ts';
import { generatedSchema } from './generated.ts';
import { expected, outcomeOf, run } from './run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const SCHEMAS = 80;
const OPERATIONS = 3;

/** Executes operations on generated schemas by both; returns how many had errors. */
const compare = async (async: boolean, by = prepare) => {
  let failed = 0;
  for (let index = 0; index < SCHEMAS; index += 1) {
    const random = randomFrom(seed + index);
    const { schema, operation } = generatedSchema(random, async);
    for (let n = 0; n < OPERATIONS; n += 1) {
      const text = operation(random);
      expect(validate(schema, parse(text))).toEqual([]);
      const wanted = await expected(schema, text, { calls: [] });
      const context = { calls: new Array<string>() };
      const result = await run(schema, text, { context, by });
      const got = outcomeOf(result.text, result.errors);
      // Which of several errors in one null is reported depends on their order, and that is not fixed if some come later.
      const comparable = ({ data, errors }: typeof got) =>
        async ? { data, fails: errors.length > 0 } : { data, errors };
      expect({ seed, index, text, ...comparable(got) }).toEqual({ seed, index, text, ...comparable(wanted) });
      expect(new Set(context.calls).size).toBe(context.calls.length);
      if (wanted.errors.length > 0) failed += 1;
    }
  }
  return failed;
};

describe(`Operations on generated schemas have the outcome that graphql-js gives them (SEED=${seed})`, () => {
  test('with values that are there at once: the same errors too, in the same order', async () => {
    expect(await compare(false)).toBeGreaterThan(SCHEMAS);
  }, 60_000);

  test('with promises, thenables, promised types and rejected items', async () => {
    expect(await compare(true)).toBeGreaterThan(SCHEMAS);
  }, 60_000);

  test('by graphql-js behind the same interface', async () => {
    expect(await compare(true, prepareByGraphqlJs)).toBeGreaterThan(SCHEMAS);
  }, 60_000);
});
