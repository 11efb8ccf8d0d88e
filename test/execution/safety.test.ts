import SchemaBuilder, { BasePlugin, type SchemaTypes } from '@pothos/core';
import {
  GraphQLBoolean,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfigMap,
  type GraphQLFieldResolver,
  GraphQLInputObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { member, pure } from '../../src/execution/purity.ts';
import { builder as served } from '../../src/schema/builder.ts';
import { declaredPure } from '../../src/schema/declaredPure.ts';
import { expected, outcomeOf, pending, run } from './run.ts';
import { thenable, unreadable } from './thenables.ts';

const schemaOf = (fields: GraphQLFieldConfigMap<unknown, unknown>, mutations = fields) =>
  new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: mutations }),
  });

/** Of which one is null and two reject. */
const failingItems = () => [Promise.reject(new Error('first')), null, Promise.reject(new Error('third'))];

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('unhandledRejection', note);
  if (unhandled.length > 0) throw new Error(`A rejection was not handled: ${String(unhandled[0])}`);
});

const refusing: GraphQLFieldResolver<unknown, unknown> = () => {
  throw new Error('not allowed');
};

describe('A resolver is called once', () => {
  test('if it is async and has one parameter, and its rejection is reported', async () => {
    let calls = 0;
    const Assistant = new GraphQLObjectType({
      name: 'Assistant',
      fields: {
        owner: {
          type: GraphQLString,
          resolve: async (assistant: object) => {
            calls += 1;
            throw new Error(`no owner of an ${typeof assistant}`);
          },
        },
      },
    });
    const schema = schemaOf({ assistant: { type: Assistant, resolve: () => ({}) } });
    const { data, errors } = await run(schema, '{ assistant { owner } }');
    expect(data).toEqual({ assistant: { owner: null } });
    expect(errors.map(({ message }) => message)).toEqual(['no owner of an object']);
    expect(calls).toBe(1);
  });

  test('if it is pure, and its object holds a value that is not of its type', async () => {
    let calls = 0;
    const first = pure(() => {
      calls += 1;
      return 'first';
    });
    const Item = new GraphQLObjectType({
      name: 'Item',
      fields: {
        first: { type: GraphQLString, resolve: first },
        second: { type: GraphQLInt, resolve: member('second') },
      },
    });
    const schema = schemaOf({ item: { type: Item, resolve: () => ({ second: 'no number' }) } });
    const { data, errors } = await run(schema, '{ item { first second } }');
    expect(data).toEqual({ item: { first: 'first', second: null } });
    expect(errors).toHaveLength(1);
    expect(calls).toBe(1);
  });

  test('if it is declared pure and returns a promise all the same', async () => {
    let calls = 0;
    const late = pure((): unknown => {
      calls += 1;
      return Promise.resolve('late');
    });
    const schema = schemaOf({ late: { type: GraphQLString, resolve: late } });
    expect((await run(schema, '{ late }')).data).toEqual({ late: 'late' });
    expect(calls).toBe(1);
  });
});

describe('A resolver that was wrapped is called as wrapped', () => {
  test.each([
    ['pure', pure(() => 'secret')],
    ['the one of an exposed member', member('secret')],
  ])('if it was %s and the schema has it replaced', async (_, resolve) => {
    const Vault = new GraphQLObjectType({ name: 'Vault', fields: { secret: { type: GraphQLString, resolve } } });
    const schema = schemaOf({ vault: { type: Vault, resolve: () => ({ secret: 'secret' }) } });
    expect((await run(schema, '{ vault { secret } }')).data).toEqual({ vault: { secret: 'secret' } });
    const field = Vault.getFields()['secret'];
    if (field) field.resolve = refusing;
    const { data, errors } = await run(schema, '{ vault { secret } }');
    expect(data).toEqual({ vault: { secret: null } });
    expect(errors.map(({ message }) => message)).toEqual(['not allowed']);
  });

  test('by a wrapResolve plugin of Pothos that refuses a field', async () => {
    const builder = new SchemaBuilder<object>({ plugins: ['refusing', declaredPure] });
    const Vault = builder.objectRef<{ secret: string; open: string }>('Vault').implement({
      fields: (t) => ({
        secret: t.exposeString('secret', { nullable: true }),
        computed: t.string({ nullable: true, resolve: pure(({ secret }) => secret) }),
        open: t.exposeString('open', {}),
      }),
    });
    builder.queryType({
      fields: (t) => ({ vault: t.field({ type: Vault, resolve: () => ({ secret: 's', open: 'o' }) }) }),
    });
    const { data, errors } = await run(builder.toSchema(), '{ vault { secret computed open } }');
    expect(data).toEqual({ vault: { secret: null, computed: null, open: 'o' } });
    expect(errors.map(({ message }) => message)).toEqual(['not allowed', 'not allowed']);
  });

  test('which the builder of this graph makes possible: the plugin that declares purity is its last', () => {
    expect(served.options.plugins?.at(-1)).toBe(declaredPure);
  });
});

describe('A thenable', () => {
  test.each<[string, unknown]>([
    [
      'whose then throws becomes an error',
      thenable(() => {
        throw new Error('then threw');
      }),
    ],
    ['whose getter of then throws becomes an error', unreadable()],
    [
      'that calls back twice counts once',
      thenable((fulfil) => {
        fulfil('one');
        fulfil('two');
      }),
    ],
    ['that fulfils with another one is followed', thenable((fulfil) => fulfil(Promise.resolve('deep')))],
    ['that rejects becomes an error', thenable((_, reject) => reject(new Error('rejected')))],
  ])('%s', async (_, value) => {
    const schema = schemaOf({
      value: { type: GraphQLString, resolve: () => value },
      other: { type: GraphQLString, resolve: () => 'x' },
    });
    const { data, errors } = await run(schema, '{ value other }');
    expect(data.other).toBe('x');
    expect(data.value === null).toBe(errors.length === 1);
    expect(data.value).not.toBe('two');
  });
});

describe('An error that makes the whole result null', () => {
  const sure = new GraphQLNonNull(GraphQLString);

  test.each([
    ['rejects', () => Promise.reject(new Error('failed'))],
    [
      'throws',
      () => {
        throw new Error('failed');
      },
    ],
  ])('is reported without waiting for siblings if the resolver %s', async (_, resolve) => {
    const never = new Promise(() => {});
    const schema = schemaOf({ slow: { type: GraphQLString, resolve: () => never }, fails: { type: sure, resolve } });
    const { data, errors } = await run(schema, '{ slow fails }');
    expect(data).toBeNull();
    expect(errors.map(({ message, path }) => ({ message, path }))).toEqual([{ message: 'failed', path: ['fails'] }]);
  });

  test('of items that are written in a later turn leaves no rejection unhandled', async () => {
    const schema = schemaOf({
      // Longer than what one turn writes.
      long: { type: GraphQLString, resolve: () => 'x'.repeat(600_000) },
      items: { type: new GraphQLList(GraphQLString), resolve: failingItems },
    });
    const { errors } = await run(schema, '{ long items }');
    expect(errors?.map(({ message }) => message)).toEqual(['first', 'third']);
  });

  test('of an item leaves no rejection of another item unhandled', async () => {
    const strings = new GraphQLList(sure);
    const schema = schemaOf({
      now: { type: strings, resolve: failingItems },
      later: { type: strings, resolve: async () => [null, ...failingItems()] },
      fails: { type: sure, resolve: () => Promise.reject(new Error('failed')) },
    });
    expect((await run(schema, '{ now later }')).data).toEqual({ now: null, later: null });
    expect((await run(schema, '{ now later fails }')).data).toBeNull();
  });

  test('has no further resolver called', async () => {
    const list = pending<object[]>();
    let calls = 0;
    const Item = new GraphQLObjectType({
      name: 'Item',
      fields: {
        id: {
          type: GraphQLString,
          resolve: () => {
            calls += 1;
            return 'id';
          },
        },
      },
    });
    const schema = schemaOf({
      items: { type: new GraphQLList(Item), resolve: () => list.promise },
      fails: { type: sure, resolve: () => Promise.reject(new Error('failed')) },
    });
    expect((await run(schema, '{ items { id } fails }')).data).toBeNull();
    list.settle([{}, {}]);
    await list.promise;
    expect(calls).toBe(0);
  });

  test('of a mutation keeps the fields after it from being executed', async () => {
    const called: string[] = [];
    const field = (name: string, fails: boolean) => ({
      type: sure,
      resolve: async () => {
        called.push(name);
        return fails ? null : name;
      },
    });
    const schema = schemaOf({ a: field('a', false), b: field('b', true), c: field('c', false) });
    expect((await run(schema, 'mutation { a b c }')).data).toBeNull();
    expect(called).toEqual(['a', 'b']);
  });
});

describe('The arguments of a resolver', () => {
  const Filter = new GraphQLInputObjectType({
    name: 'Filter',
    fields: { tags: { type: new GraphQLList(GraphQLString) } },
  });
  const args = { n: { type: GraphQLInt, defaultValue: 1 }, filter: { type: Filter } };
  const seen: string[] = [];
  const Item = new GraphQLObjectType({
    name: 'Item',
    fields: {
      value: {
        type: GraphQLBoolean,
        args,
        resolve: (_, given: { n: number; filter?: { tags: string[] } }) => {
          seen.push(JSON.stringify(given));
          given.n += 1;
          given.filter?.tags.push('changed');
          return true;
        },
      },
      none: {
        type: GraphQLBoolean,
        resolve: (_, given: { changed?: boolean }) => {
          seen.push(JSON.stringify(given));
          given.changed = true;
          return true;
        },
      },
    },
  });
  const schema = schemaOf({ items: { type: new GraphQLList(Item), resolve: () => [{}, {}] } });

  test.each([
    ['literals', 'value(n: 5)', '{"n":5}'],
    ['defaults', 'value', '{"n":1}'],
    ['input objects', 'value(filter: { tags: ["a"] })', '{"n":1,"filter":{"tags":["a"]}}'],
    ['variables', 'value(n: $n)', '{"n":7}'],
    ['no arguments', 'none', '{}'],
  ])('are new for each call, so that changing them has no effect on the next: %s', async (_, field, given) => {
    seen.length = 0;
    const text = `query ($n: Int) { items { ${field} } never: items @skip(if: true) { value(n: $n) } }`;
    await run(schema, text, { variables: { n: 7 } });
    await run(schema, text, { variables: { n: 7 } });
    expect(seen).toEqual([given, given, given, given]);
  });
});

const name = function (this: { own: string }, { n }: { n: number }, context: string, info: { fieldName: string }) {
  return `${this.own} ${n} ${context} ${info.fieldName}`;
};

describe('As graphql-js has it', () => {
  test('a field without a resolver calls a member that is a function, with arguments, context and info', async () => {
    const Item = new GraphQLObjectType({
      name: 'Item',
      fields: { name: { type: GraphQLString, args: { n: { type: GraphQLInt } } } },
    });
    const schema = schemaOf({ item: { type: Item, resolve: () => ({ own: 'me', name }) } });
    expect((await run(schema, '{ item { name(n: 3) } }', { context: 'ctx' })).data.item.name).toBe('me 3 ctx name');
  });

  test('the info of a resolver can be copied', async () => {
    let copied: object = {};
    const schema = schemaOf({
      value: {
        type: GraphQLString,
        resolve: (root, _, __, info) => {
          copied = { ...info, root };
          return 'x';
        },
      },
    });
    await run(schema, '{ value }');
    expect(Object.keys(copied).toSorted()).toEqual([
      'fieldName',
      'fieldNodes',
      'fragments',
      'operation',
      'parentType',
      'path',
      'returnType',
      'root',
      'rootValue',
      'schema',
      'variableValues',
    ]);
    expect(copied).toMatchObject({ fieldName: 'value', root: undefined });
  });

  test.each([
    ['{ __typename }'],
    ['{ a: __typename value b: __typename }'],
    ['{ __schema { queryType { name __typename } } __type(name: "Query") { kind fields { name } } }'],
    ['{ value @skip(if: true) }'],
    ['query ($on: Boolean = true) { value @include(if: $on) }'],
  ])('%s has the same outcome', async (text) => {
    const schema = schemaOf({ value: { type: GraphQLString, resolve: () => 'x' } });
    const { text: data, errors } = await run(schema, text);
    expect(outcomeOf(data, errors)).toEqual(await expected(schema, text));
  });

  test('a condition that is null is an error, not a refusal of the operation', async () => {
    const schema = schemaOf({ value: { type: GraphQLString, resolve: () => 'x' } });
    const text = 'query ($on: Boolean = true) { value @include(if: $on) }';
    const { text: data, errors } = await run(schema, text, { variables: { on: null } });
    expect(outcomeOf(data, errors)).toEqual(await expected(schema, text, undefined, { on: null }));
  });
});

/** Refuses every field whose name is `secret` or `computed`. */
class Refusing<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { name: field }: { name: string },
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (field !== 'secret' && field !== 'computed') return resolve;
    return () => {
      throw new Error('not allowed');
    };
  }
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      refusing: Refusing<Types>;
    }
  }
}

SchemaBuilder.registerPlugin('refusing', Refusing);
