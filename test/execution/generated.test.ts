import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepare } from '../../src/execution/prepared.ts';
import { prepareByGraphqlJs } from '../../src/execution/graphqlJs.ts';
import { randomFrom } from '../loaders/random.ts';
import { generatedSchema } from './generated.ts';
import { expected, outcomeOf, run } from './run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const SCHEMAS = 60;
const OPERATIONS = 3;

/** Rejections that nothing has handled. graphql-js leaves some, so they are counted while another executor runs. */
const unhandled: unknown[] = [];
const collect = (reason: unknown) => unhandled.push(reason);
let others: NodeJS.UnhandledRejectionListener[] = [];
beforeAll(() => {
  others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', collect);
});
afterAll(() => {
  process.off('unhandledRejection', collect);
  for (const listener of others) process.on('unhandledRejection', listener);
});

/** Resolves once rejections of before have been reported. */
const nextTurn = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

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
      await nextTurn();
      unhandled.length = 0;
      const context = { calls: new Array<string>() };
      const result = await run(schema, text, { context, by });
      const got = outcomeOf(result.text, result.errors);
      // Which of several errors in one null is reported depends on their order, and that is not fixed if some come later.
      const comparable = ({ data, errors }: typeof got) =>
        async ? { data, fails: errors.length > 0 } : { data, errors };
      expect({ seed, index, text, ...comparable(got) }).toEqual({ seed, index, text, ...comparable(wanted) });
      await nextTurn();
      if (by === prepare) expect(unhandled).toEqual([]);
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
