import { GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ExecutionCancelledError, ResponseTooLargeError } from '../../src/execution/bounds.ts';
import { prepareByGraphqlJs } from '../../src/execution/graphqlJs.ts';
import { prepare } from '../../src/execution/prepared.ts';
import { member } from '../../src/execution/purity.ts';
import { giveBack } from '../../src/execution/spare.ts';
import { textOf } from '../support/pieces.ts';
import { pending, run } from './run.ts';

let calls = 0;
let afterCall = () => {};

const Item: GraphQLObjectType = new GraphQLObjectType({
  name: 'Item',
  fields: () => ({
    text: { type: GraphQLString, resolve: member('text') },
    sure: { type: new GraphQLNonNull(GraphQLString), resolve: member('text') },
    called: {
      type: GraphQLString,
      resolve: () => {
        calls += 1;
        afterCall();
        return 'called';
      },
    },
    later: { type: Item, resolve: async () => ({ text: 'later' }) },
    items: { type: new GraphQLList(Item), resolve: (_, __, { items }: World) => items },
    sureItems: { type: new GraphQLList(new GraphQLNonNull(Item)), resolve: (_, __, { items }: World) => items },
  }),
});

interface World {
  readonly items: unknown;
}

const rootSchema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, World>({
    name: 'Query',
    fields: { root: { type: new GraphQLNonNull(Item), resolve: () => ({ text: 'root' }) } },
  }),
});

const itemsOf = (count: number, text = 'x'.repeat(100)) => Array.from({ length: count }, () => ({ text }));
const cause = (errors: readonly { originalError?: unknown }[]) => errors.map(({ originalError }) => originalError);

/** Counts the turns of the event loop until a promise settles. */
const turnsUntil = async (promise: Promise<unknown>) => {
  let turns = 0;
  let done = false;
  const count = () => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await promise;
  done = true;
  return turns;
};

describe('A result larger than maxBytes', () => {
  test.each(['{ root { items { called text } } }', '{ root { sureItems { called sure later { text } } } }'])(
    'is data: null with one error that names the limit, and no further resolver is called: %s',
    async (text) => {
      calls = 0;
      const context = { items: itemsOf(1000) };
      const { data, errors } = await run(rootSchema, text, { context, bounds: { maxBytes: 10_000 } });
      expect(data).toBeNull();
      expect(cause(errors)).toEqual([new ResponseTooLargeError(10_000, 'bytes')]);
      // An item is about 140 bytes.
      expect(calls).toBeLessThan(100);
    },
  );

  test('is counted over all values that come later', async () => {
    const context = { items: Array.from({ length: 100 }, async () => ({ text: 'x'.repeat(1000) })) };
    const { data, errors } = await run(rootSchema, '{ root { items { text } } }', {
      context,
      bounds: { maxBytes: 50_000 },
    });
    expect(data).toBeNull();
    expect(cause(errors)).toEqual([new ResponseTooLargeError(50_000, 'bytes')]);
  });

  test('does not affect an execution that goes on at the same time', async () => {
    const context = { items: itemsOf(50_000) };
    const [large, whole] = await Promise.all([
      run(rootSchema, '{ root { items { text } } }', { context, bounds: { maxBytes: 1_000_000 } }),
      run(rootSchema, '{ root { items { text } } }', { context }),
    ]);
    expect(large.data).toBeNull();
    expect(whole.data.root.items).toHaveLength(50_000);
  });

  test('is one byte larger: a result of just so many bytes is complete', async () => {
    const context = { items: [{ text: 'é'.repeat(100) }] };
    const whole = await run(rootSchema, '{ root { items { text } } }', { context });
    const maxBytes = Buffer.byteLength(whole.text);
    const fits = await run(rootSchema, '{ root { items { text } } }', { context, bounds: { maxBytes } });
    expect(fits.text).toBe(whole.text);
    const less = { context, bounds: { maxBytes: maxBytes - 1 } };
    expect((await run(rootSchema, '{ root { items { text } } }', less)).data).toBeNull();
  });

  test('is found by graphql-js too, once it is complete', async () => {
    const context = { items: itemsOf(1000) };
    const options = { context, bounds: { maxBytes: 10_000 }, by: prepareByGraphqlJs };
    const { data, errors } = await run(rootSchema, '{ root { items { text } } }', options);
    expect(data).toBeNull();
    expect(cause(errors)).toEqual([new ResponseTooLargeError(10_000, 'bytes')]);
  });
});

test('Lists with more items than maxItems together are data: null with an error that names the limit', async () => {
  const context = { items: itemsOf(6) };
  const text = '{ root { a: items { text } b: items { text } } }';
  expect((await run(rootSchema, text, { context, bounds: { maxItems: 12 } })).errors).toEqual([]);
  const { data, errors } = await run(rootSchema, text, { context, bounds: { maxItems: 11 } });
  expect(data).toBeNull();
  expect(cause(errors)).toEqual([new ResponseTooLargeError(11, 'list items')]);
});

describe('A client that has gone', () => {
  test('ends the execution before the next resolver', async () => {
    calls = 0;
    afterCall = () => {};
    const context = { items: itemsOf(1000) };
    const bounds = { isCancelled: () => calls === 3 };
    const { data, errors } = await run(rootSchema, '{ root { items { called } } }', { context, bounds });
    expect(data).toBeNull();
    expect(cause(errors)).toEqual([new ExecutionCancelledError()]);
    expect(calls).toBe(3);
  });

  test('ends it while values are awaited', async () => {
    calls = 0;
    let isGone = false;
    const items = pending<object[]>();
    const executing = run(rootSchema, '{ root { items { called } } }', {
      context: { items: items.promise },
      bounds: { isCancelled: () => isGone },
    });
    isGone = true;
    items.settle([{}]);
    expect(cause((await executing).errors)).toEqual([new ExecutionCancelledError()]);
    expect(calls).toBe(0);
  });
});

describe('A result that takes long to write', () => {
  const document = parse('{ root { items { text later { text } } sureItems { sure } } }');
  const plain = parse('{ root { items { text } sureItems { sure } } }');

  test('leaves the event loop to others between its parts: 20 MB take at least 35 turns', async () => {
    const context = { items: itemsOf(100_000) };
    let timer = 0;
    const interval = setInterval(() => {
      timer += 1;
    }, 1);
    const executing = prepare(rootSchema, plain, undefined)?.({}, context);
    const turns = await turnsUntil(executing ?? Promise.reject(new Error('not executed')));
    clearInterval(interval);
    const data = (await executing)?.data ?? [];
    const bytes = data.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeGreaterThan(20_000_000);
    expect(turns).toBeGreaterThan(35);
    expect(timer).toBeGreaterThan(3);
    expect(JSON.parse(textOf(data))).toEqual({
      root: { items: context.items, sureItems: context.items.map(({ text }) => ({ sure: text })) },
    });
  });

  test('takes more turns if its bytes are few and its resolvers many', async () => {
    const executing = prepare(
      rootSchema,
      parse('{ root { items { called } } }'),
      undefined,
    )?.({}, { items: itemsOf(50_000) });
    expect(await turnsUntil(executing ?? Promise.reject(new Error('not executed')))).toBeGreaterThan(8);
  });

  test('is whole if several are written at a time, and their buffers are used again', async () => {
    const worlds = ['a', 'b', 'c', 'd'].map((letter) => ({ items: itemsOf(4000, letter.repeat(90)) }));
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.all(
        worlds.map(async (world) => prepare(rootSchema, document, undefined)?.({}, world)),
      );
      for (const [index, result] of results.entries()) {
        const items = worlds[index]?.items ?? [];
        expect(JSON.parse(textOf(result?.data ?? []))).toEqual({
          root: {
            items: items.map(({ text }) => ({ text, later: { text: 'later' } })),
            sureItems: items.map(({ text }) => ({ sure: text })),
          },
        });
      }
      for (const result of results) giveBack(result?.data ?? []);
    }
  });

  test('is null above an item that fails in a later turn', async () => {
    const items: object[] = [...itemsOf(50_000), {}];
    const { data, errors } = await run(rootSchema, '{ root { items { text } sureItems { sure } } }', {
      context: { items },
    });
    expect(data.root.items).toHaveLength(50_001);
    expect(data.root.sureItems).toBeNull();
    expect(errors.map(({ path }) => path)).toEqual([['root', 'sureItems', 50_000, 'sure']]);
  });

  test.each<[what: string, item: () => { text: unknown }]>([
    ['for each field that fails', () => ({ text: { no: 'string' } })],
    ['for each field that is rejected at the same time', () => ({ text: Promise.reject(new Error('no text')) })],
  ])('has one error %s, in many turns', async (_, item) => {
    const failing = Array.from({ length: 1000 }, item);
    const executing = prepare(rootSchema, parse('{ root { items { text } } }'), undefined)?.({}, { items: failing });
    expect(await turnsUntil(executing ?? Promise.reject(new Error('not executed')))).toBeGreaterThan(5);
    expect((await executing)?.errors).toHaveLength(1000);
  });
});
