import {
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNamedOutputType,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLFieldConfigMap,
  type GraphQLFieldResolver,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  getNullableType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import { member, pure } from '../../src/execution/purity.ts';
import type { Random } from '../loaders/random.ts';
import { thenable, unreadable } from './thenables.ts';

/** Which resolvers have been called in one execution, by the path of their field. */
export interface Calls {
  readonly calls: string[];
}

/** A schema of its own kinds of trouble, and the operations that select all of it. */
export interface Generated {
  readonly schema: GraphQLSchema;
  readonly operation: (random: Random) => string;
}

type Resolver = GraphQLFieldResolver<Source, Calls>;
interface Source {
  readonly kind: string;
  readonly members: Record<string, unknown>;
  readonly [name: string]: unknown;
}

const KINDS = ['A', 'B', 'C'] as const;
const FIELDS = 5;

/** Handled, so that an executor that never looks at it does not end the tests. */
const rejected = (message: string) => {
  const promise = Promise.reject(new Error(message));
  promise.catch(() => {});
  return promise;
};

const late = async (value: unknown, turns: number) => {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  return value;
};

/** graphql-js works with what `then` returns, so it has to be a promise. */
const thenableOf = (promise: Promise<unknown>) => thenable((fulfil, reject) => promise.then(fulfil, reject));

/** How a value is delivered that a field has. `async` ones may come after others, so their errors have no fixed order. */
const deliveries = (random: Random, async: boolean): ((value: unknown) => unknown) => {
  const turns = random.below(4);
  const sync = [
    (value: unknown) => value,
    (value: unknown) => value,
    () => new Error('an error as a value'),
    () => null,
    () => {
      throw new Error('thrown');
    },
  ] as const;
  if (!async || random.chance(0.4)) return random.pick(sync);
  return random.pick<(value: unknown) => unknown>([
    (value) => late(value, turns),
    () => rejected('rejected'),
    (value) => thenableOf(late(value, 0)),
    () => thenableOf(rejected('a thenable was rejected')),
    () =>
      thenable(() => {
        throw new Error('then threw');
      }),
    unreadable,
  ]);
};

/** The resolver of a field, declared in one of the ways that there are; `undefined` for the default one. */
const resolverOf = (
  random: Random,
  name: string,
  deliver: (value: unknown) => unknown,
  async: boolean,
): Resolver | undefined => {
  const valueOf = (source: Source) => deliver(source.members[name]);
  const noted =
    (inner: Resolver): Resolver =>
    (source, args, context, info) => {
      context.calls.push(responsePathAsArray(info.path).join('.'));
      return inner(source, args, context, info);
    };
  return random.pick<() => Resolver | undefined>([
    () => noted(valueOf),
    () => noted(async ? (source) => late(valueOf(source), 0) : valueOf),
    () => noted(async ? async (source) => valueOf(source) : valueOf),
    () => pure((source: Source): unknown => valueOf(source)),
    () => noted(pure((source: Source): unknown => valueOf(source))),
    () => pure((source: Source, { members } = source): unknown => deliver(members[name])),
    () => noted((source, { n } = { n: 0 }) => (n === undefined ? null : valueOf(source))),
    () => member(name),
    () => undefined,
  ])();
};

/** What objects hold: the same in each execution, since it depends on the place alone. */
const sourceOf = (random: Random, fields: Fields, depth: number, async: boolean): Source => {
  const kind = random.pick(KINDS);
  const members: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(fields[kind])) members[name] = valueOf(random, type, fields, depth, async);
  return { kind, members, ...members };
};

const valueOf = (random: Random, type: GraphQLOutputType, fields: Fields, depth: number, async: boolean): unknown => {
  const present = getNullableType(type);
  if (random.chance(0.04)) return null;
  if (isListType(present)) {
    // If one item makes its list null at once, graphql-js leaves the rejections of others unhandled.
    const allLate = async && isNonNullType(present.ofType);
    const items = Array.from({ length: random.below(3) }, () => {
      const item = valueOf(random, present.ofType, fields, depth, async);
      if (allLate) return random.chance(0.1) ? rejected('an item was rejected') : late(item, random.below(3));
      if (!async || random.chance(0.7)) return item;
      return random.chance(0.2) ? rejected('an item was rejected') : late(item, random.below(3));
    });
    return random.pick<unknown>([items, items, new Set(items)]);
  }
  if (present === GraphQLInt) return random.pick<unknown>([1, 2, 'no number']);
  if (present === GraphQLString) return random.pick<unknown>(['text', 'é', 5]);
  return depth === 0 ? null : sourceOf(random, fields, depth - 1, async);
};

type Fields = Record<(typeof KINDS)[number], Record<string, GraphQLOutputType>>;

const wrapped = (random: Random, type: GraphQLOutputType): GraphQLOutputType => {
  const maybe = (one: GraphQLOutputType) => (random.chance(0.4) ? new GraphQLNonNull(getNullableType(one)) : one);
  let result = maybe(type);
  for (let lists = random.below(3); lists > 0; lists -= 1) result = maybe(new GraphQLList(result));
  return result;
};

/** A schema of which every field is in some kind of trouble, chosen at random. Without `async` all values are there at once. */
export const generatedSchema = (random: Random, async: boolean): Generated => {
  const fields: Fields = { A: {}, B: {}, C: {} };
  const nameTypes = async
    ? ([(name: unknown) => name, (name: unknown) => late(name, 1)] as const)
    : ([(name: unknown) => name] as const);
  const byResolveType = random.pick(nameTypes);
  const known = random.chance(0.9);
  const resolveType = ({ kind }: Source) => byResolveType(known || kind !== 'C' ? kind : 'Nothing') as string;
  const byIsTypeOf = random.chance(0.3);
  const Thing = new GraphQLInterfaceType({ name: 'Thing', fields: { name: { type: GraphQLString } }, resolveType });
  const objects = KINDS.map(
    (kind) =>
      new GraphQLObjectType<Source, Calls>({
        name: kind,
        interfaces: [Thing],
        fields: () => configs[kind],
        ...(byIsTypeOf ? { isTypeOf: (source: Source) => byResolveType(source.kind === kind) as boolean } : {}),
      }),
  );
  const Either = new GraphQLUnionType({ name: 'Either', types: objects, ...(byIsTypeOf ? {} : { resolveType }) });
  const types: [GraphQLNamedOutputType, ...GraphQLNamedOutputType[]] = [
    GraphQLString,
    GraphQLInt,
    Thing,
    Either,
    ...objects,
  ];
  const configOf = (kind: (typeof KINDS)[number]) => {
    const all: GraphQLFieldConfigMap<Source, Calls> = { name: { type: GraphQLString, resolve: member('kind') } };
    for (let index = 0; index < FIELDS; index += 1) {
      const name = `f${index}`;
      const type = wrapped(random, random.pick(types));
      fields[kind][name] = type;
      const deliver = random.chance(0.4) ? (value: unknown) => value : deliveries(random, async);
      const resolve = resolverOf(random, name, deliver, async);
      all[name] = resolve ? { type, resolve } : { type };
    }
    return all;
  };
  const configs = { A: configOf('A'), B: configOf('B'), C: configOf('C') };
  const root = sourceOf(random, fields, 2, async);
  const start = { type: wrapped(random, Thing), resolve: () => valueOf0 };
  const valueOf0 = valueOf(random, start.type, fields, 2, async);
  const rootFields: GraphQLFieldConfigMap<unknown, Calls> = {
    start,
    again: { type: Either, resolve: () => root },
    sure: { type: new GraphQLNonNull(Thing), resolve: () => root },
  };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: rootFields }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: rootFields }),
    types: objects,
  });
  const selection = (chosen: Random, type: GraphQLObjectType, depth: number): string => {
    const selected = Object.values(type.getFields()).map(({ name, type: output }) => {
      const named = namedOf(output);
      // Fields of one name have other types in other objects: the key says whose field it is.
      const key = `${type.name}_${name}`;
      if (!isCompositeType(named)) return `${key}: ${name}`;
      return depth === 0 || chosen.chance(0.3) ? '' : `${key}: ${name} ${body(chosen, named, depth - 1)}`;
    });
    return selected.join(' ');
  };
  const body = (chosen: Random, type: GraphQLOutputType, depth: number) =>
    isObjectType(type)
      ? `{ ${selection(chosen, type, depth)} __typename }`
      : `{ __typename ${objects.map((one) => `... on ${one.name} { ${selection(chosen, one, depth)} __typename }`).join(' ')} }`;
  return {
    schema,
    operation: (chosen) =>
      `${chosen.pick(['query', 'mutation'])} { start ${body(chosen, Thing, 2)} again ${body(chosen, Either, 2)} ${chosen.chance(0.3) ? `sure ${body(chosen, Thing, 1)}` : ''} }`,
  };
};

const namedOf = (type: GraphQLOutputType): GraphQLOutputType => {
  const present = getNullableType(type);
  return isListType(present) ? namedOf(present.ofType) : present;
};
