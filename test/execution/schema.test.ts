import { readdirSync, readFileSync } from 'node:fs';
import {
  buildSchema,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isObjectType,
  Kind,
  parse,
  version,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { inspect } from 'graphql/jsutils/inspect.js';
import { describe, expect, test } from 'vitest';
import { prepare } from '../../src/execution/prepared.ts';
import { pure, pureResolverOf } from '../../src/execution/purity.ts';
import { assertSupported } from '../../src/execution/supported.ts';
import { servedSchema } from '../../src/schema/served.ts';

describe('In the schema of this graph', () => {
  const schema = servedSchema({ subgraph: false });
  const fields = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({ ...field, name: `${type.name}.${field.name}` })),
    );
  const declared = fields.filter(({ resolve }) => pureResolverOf(resolve));

  test('every resolver that is declared pure is a plain synchronous function of one parameter, of a field without arguments', () => {
    expect(declared.length).toBeGreaterThan(100);
    for (const { name, resolve, args } of declared) {
      const declaration = pureResolverOf(resolve);
      const kind = Object.prototype.toString.call(declaration?.valueOf);
      expect({ name, kind, parameters: declaration?.valueOf.length, args }).toEqual({
        name,
        kind: '[object Function]',
        parameters: declaration?.valueOf.length === 0 ? 0 : 1,
        args: [],
      });
      expect(['undefined', 'string']).toContain(typeof declaration?.member);
    }
  });

  test('the fields that most queries select are declared pure, and no field that makes a REST call is', () => {
    const names = new Set(declared.map(({ name }) => name));
    for (const name of [
      'Assistant.name',
      'Assistant.tools',
      'Message.role',
      'Message.text',
      'Run.status',
      'RunStep.stepDetails',
      'Message.content',
    ]) {
      expect(names).toContain(name);
    }
    for (const name of ['Run.assistant', 'Run.steps', 'Thread.messages', 'Query.assistant', 'Mutation.createRun']) {
      expect(names).not.toContain(name);
    }
  });

  test('there is nothing that the executor does not support', () => {
    expect(() => assertSupported(schema)).not.toThrow();
    expect(() => assertSupported(servedSchema({ subgraph: true }))).not.toThrow();
  });
});

describe('A declaration of purity is refused for', () => {
  test.each<[string, () => unknown]>([
    ['an async function', () => pure<unknown, unknown>(async (object) => object)],
    [
      'a generator',
      () =>
        pure(function* (object: unknown) {
          yield object;
        }),
    ],
    ['a function with more parameters', () => pure(((_: unknown, args: unknown) => args) as () => unknown)],
  ])('%s', (_, declare) => {
    expect(declare).toThrow(TypeError);
  });
});

describe('A schema is refused when an operation of it is prepared', () => {
  test.each([
    ['if it has @defer', buildSchema('directive @defer on FIELD type Query { a: Int }'), '@defer'],
    ['if it has @stream', buildSchema('directive @stream on FIELD type Query { a: Int }'), '@stream'],
    [
      'if a pure resolver would get arguments',
      new GraphQLSchema({
        query: new GraphQLObjectType({
          name: 'Query',
          fields: { a: { type: GraphQLString, args: { n: { type: GraphQLInt } }, resolve: pure(() => 'a') } },
        }),
      }),
      'Query.a',
    ],
    ['if it is invalid', new GraphQLSchema({}), 'Query root type'],
  ])('%s', (_, schema, named) => {
    expect(() => prepare(schema, parse('{ a }'), undefined)).toThrow(named);
  });
});

describe('The internals of graphql that the executor imports', () => {
  test('are these, and the installed version has them', () => {
    const folder = new URL('../../src/execution/', import.meta.url);
    const imported = new Set<string>();
    for (const name of readdirSync(folder)) {
      for (const [, from] of readFileSync(new URL(name, folder), 'utf8').matchAll(/from '(graphql\/[^']+)'/g)) {
        imported.add(from ?? '');
      }
    }
    expect([...imported].toSorted()).toEqual(['graphql/execution/collectFields.js', 'graphql/jsutils/inspect.js']);
    expect(version).toMatch(/^16\./);
  });

  test('collectFields and collectSubfields apply fragments and conditions', () => {
    const schema = buildSchema('type Query { a: Int q: Query }');
    const { definitions } = parse(
      'query ($no: Boolean!) { a @skip(if: $no) ...F } fragment F on Query { q { a } q { x: a } }',
    );
    const [operation, fragment] = definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION || fragment?.kind !== Kind.FRAGMENT_DEFINITION)
      throw new Error('no document');
    const type = schema.getQueryType();
    if (!type) throw new Error('no query type');
    const collected = collectFields(schema, { F: fragment }, { no: true }, type, operation.selectionSet);
    expect([...collected.keys()]).toEqual(['q']);
    const below = collectSubfields(schema, { F: fragment }, { no: true }, type, collected.get('q') ?? []);
    expect([...below.keys()]).toEqual(['a', 'x']);
  });

  test('inspect names a value as the errors of graphql-js do', () => {
    expect(inspect({ a: [1, 'b'] })).toBe('{ a: [1, "b"] }');
  });
});
