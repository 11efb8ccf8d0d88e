import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import { member, pure } from '../../src/execution/purity.ts';

/** What a field resolves to: by its path, so that it is the same in every execution. */
export interface World {
  valueAt(info: GraphQLResolveInfo, kind: string): unknown;
}

const Shade = new GraphQLEnumType({ name: 'Shade', values: { DARK: { value: 'dark' }, LIGHT: { value: 2 } } });

const Anything = new GraphQLScalarType({
  name: 'Anything',
  serialize: (value) => {
    if (value === 'bad') throw new TypeError('Anything cannot represent what is bad');
    return value === 'nothing' ? undefined : value;
  },
});

/** Returns values as they are. */
const Whatever = new GraphQLScalarType({ name: 'Whatever' });

const leaves = {
  text: GraphQLString,
  id: GraphQLID,
  whole: GraphQLInt,
  number: GraphQLFloat,
  flag: GraphQLBoolean,
  shade: Shade,
  anything: Anything,
  whatever: Whatever,
};

const resolve = (kind: string) => (_source: unknown, args: object, world: World, info: GraphQLResolveInfo) => {
  const value = world.valueAt(info, kind);
  return typeof value === 'string' && 'note' in args ? `${value} ${JSON.stringify(args)}` : value;
};

const Thing: GraphQLInterfaceType = new GraphQLInterfaceType({
  name: 'Thing',
  fields: () => ({ text: { type: GraphQLString }, thing: { type: Thing } }),
  resolveType: ({ type }) => type,
});

/** Leaves and objects, each nullable, not nullable, and in lists of all four kinds. */
const fields = (): GraphQLFieldConfigMap<unknown, World> => {
  const kinds: [string, GraphQLOutputType][] = [
    ...Object.entries(leaves),
    ['box', Box],
    ['bag', Bag],
    ['thing', Thing],
    ['either', Either],
  ];
  const all: GraphQLFieldConfigMap<unknown, World> = {};
  for (const [kind, type] of kinds) {
    const sure = new GraphQLNonNull(type);
    const shapes: [string, GraphQLOutputType][] = [
      [kind, type],
      [`${kind}Sure`, sure],
      [`${kind}List`, new GraphQLList(type)],
      [`${kind}SureList`, new GraphQLList(sure)],
      [`${kind}ListSure`, new GraphQLNonNull(new GraphQLList(type))],
      [`${kind}SureListSure`, new GraphQLNonNull(new GraphQLList(sure))],
    ];
    for (const [name, shape] of shapes) all[name] = { type: shape, resolve: resolve(kind) };
  }
  const note = { type: GraphQLString, defaultValue: 'none' };
  all['noted'] = { type: GraphQLString, args: { note, times: { type: GraphQLInt } }, resolve: resolve('text') };
  all['shown'] = { type: GraphQLString, resolve: pure((source) => memberOf(source, 'own')) };
  all['plain'] = { type: GraphQLString };
  for (const [name, type] of kinds) {
    const own = pure((source) => memberOf(source, name));
    all[`own_${name}`] = { type, resolve: own };
    all[`own_${name}_sure`] = { type: new GraphQLNonNull(type), resolve: own };
    const list = new GraphQLList(type);
    all[`own_${name}_list`] = { type: list, resolve: pure((source) => memberOf(source, `${name}_list`)) };
    all[`shown_${name}_list`] = { type: list, resolve: member(`${name}_list`) };
  }
  return all;
};

const memberOf = (source: unknown, name: string): unknown => {
  const value: unknown =
    typeof source === 'object' && source !== null && name in source ? Reflect.get(source, name) : null;
  if (value === 'throw') throw new Error(`${name} was thrown`);
  return value;
};

const Box: GraphQLObjectType = new GraphQLObjectType({ name: 'Box', interfaces: [Thing], fields });
const Bag: GraphQLObjectType = new GraphQLObjectType({ name: 'Bag', interfaces: [Thing], fields });
const Either = new GraphQLUnionType({
  name: 'Either',
  types: [Box, Bag],
  resolveType: pure(({ type }: { type: string }) => type),
});

/** Everything that a schema may hold, in every shape that it may have. */
export const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields }),
  mutation: new GraphQLObjectType({ name: 'Mutation', fields }),
});

export const leafNames = Object.keys(leaves);
export const objectNames = ['box', 'bag', 'thing', 'either'];
