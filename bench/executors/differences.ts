import { buildSchema, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { Prepare } from '../../src/execution/prepared.ts';
import { prepare as ours } from '../../src/execution/prepared.ts';
import { generatedSchema } from '../../test/execution/generated.ts';
import { expected, outcomeOf } from '../../test/execution/run.ts';
import { randomFrom } from '../../test/loaders/random.ts';
import { textOf } from '../../test/support/pieces.ts';
import { prepare as jit } from './graphql-jit.ts';

/** Prints on how many generated operations each executor differs from graphql-js. Started by `npm run bench -- --differences`. */
const SCHEMAS = 100;

type Kind = 'data' | 'errors' | 'locations' | 'threw' | 'hung';

const outcomeBy = async (prepare: Prepare, schema: GraphQLSchema, text: string) => {
  const executing = prepare(schema, parse(text), undefined)?.({}, { calls: [] });
  const late = new Promise<undefined>((resolve) => {
    setTimeout(resolve, 200);
  });
  const result = await Promise.race([executing, late]);
  return result && outcomeOf(textOf(result.data), result.errors);
};

/** Messages and paths, without an order. */
const bare = (errors: readonly unknown[]) =>
  (errors as GraphQLError[]).map(({ message, path }) => JSON.stringify([message, path])).toSorted();

const differenceOf = async (prepare: Prepare, schema: GraphQLSchema, text: string, async: boolean) => {
  const wanted = await expected(schema, text, { calls: [] });
  let got: Awaited<ReturnType<typeof outcomeBy>>;
  try {
    got = await outcomeBy(prepare, schema, text);
  } catch {
    return 'threw';
  }
  if (got === undefined) return 'hung';
  if (got.data !== wanted.data) return 'data';
  if (async) return got.errors.length > 0 === wanted.errors.length > 0 ? undefined : 'errors';
  if (JSON.stringify(bare(got.errors)) !== JSON.stringify(bare(wanted.errors))) return 'errors';
  return JSON.stringify(got.errors) === JSON.stringify(wanted.errors) ? undefined : 'locations';
};

const count = async (prepare: Prepare, async: boolean) => {
  const differences: Partial<Record<Kind, number>> = {};
  let operations = 0;
  for (let seed = 0; seed < SCHEMAS; seed += 1) {
    const random = randomFrom(seed);
    const { schema, operation } = generatedSchema(random, async);
    for (let n = 0; n < 2; n += 1) {
      const text = operation(random);
      if (validate(schema, parse(text)).length > 0) continue;
      operations += 1;
      const difference = await differenceOf(prepare, schema, text, async);
      if (difference) differences[difference] = (differences[difference] ?? 0) + 1;
    }
  }
  return `${operations} operations ${JSON.stringify(differences)}`;
};

/** Whether an input of two members passes for a variable of a `@oneOf` type. */
const takesTwoOfOne = async (prepare: Prepare) => {
  const schema = buildSchema('input Key @oneOf { a: Int b: Int } type Query { read(by: Key!): Int }');
  const executing = prepare(
    schema,
    parse('query ($by: Key!) { read(by: $by) }'),
    undefined,
  )?.({ by: { a: 1, b: 2 } }, undefined);
  return executing !== undefined && (await executing).errors.length === 0;
};

// Of graphql-js itself, when one item of a list makes it null and another one rejects.
process.on('unhandledRejection', () => {});

for (const [name, prepare] of [
  ['this project', ours],
  ['graphql-jit', jit],
] as const) {
  for (const async of [false, true]) {
    process.stdout.write(
      `${name}, ${async ? 'values that come later' : 'values at once'}: ${await count(prepare, async)}\n`,
    );
  }
  process.stdout.write(`${name} takes two members of a @oneOf input: ${await takesTwoOfOne(prepare)}\n`);
}
