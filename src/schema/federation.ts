import {
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import type { Context } from '../context/context.ts';
import { entity } from '../resolvers/entity.ts';
import { locators } from '../resolvers/globalId.ts';
import { subgraphSdl } from './subgraphSdl.ts';

type RootFields = GraphQLFieldConfigMap<unknown, Context>;

const Representation = new GraphQLScalarType({
  name: '_Any',
  description: 'A representation of an entity: its `__typename` and the fields of one of its keys.',
});

const Service = new GraphQLObjectType<{ sdl: string }>({
  name: '_Service',
  description: 'The definition of this subgraph.',
  fields: {
    sdl: { type: GraphQLString, description: 'The schema of this subgraph in SDL, with federation directives.' },
  },
});

/**
 * The graph without `Query.node` and `Query.nodes`. Federation cannot compose two subgraphs that both have them, since each would
 * have to resolve the other's types.
 */
export const withoutNodes = (schema: GraphQLSchema): GraphQLSchema =>
  withRoot(schema, (fields) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'node' && name !== 'nodes')),
  );

/** The graph as a Federation 2 subgraph: with `_entities` and `_service`. */
export const subgraphOf = (schema: GraphQLSchema): GraphQLSchema => {
  const sdl = subgraphSdl(schema);
  return withRoot(schema, (fields) => ({ ...fields, ...federationFields(schema, sdl) }));
};

const federationFields = (schema: GraphQLSchema, sdl: string): RootFields => ({
  _service: {
    type: new GraphQLNonNull(Service),
    description: 'Used by federation tools to compose a supergraph.',
    resolve: () => ({ sdl }),
  },
  _entities: {
    type: new GraphQLNonNull(new GraphQLList(entityUnion(schema))),
    extensions: { restCall: true },
    description:
      'Used by federation routers to resolve entities by one of their keys, in the given order. Null for each entity that does not exist. A malformed representation is an error at its own index.',
    args: {
      representations: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Representation))),
        description:
          'The representations of the entities, each with its `__typename` and the fields of one of its keys.',
      },
    },
    resolve: (_, { representations }, context, info) =>
      representations.map((representation: unknown) => entity(representation, context, info)),
  },
});

const entityUnion = (schema: GraphQLSchema) =>
  new GraphQLUnionType({
    name: '_Entity',
    description: 'A type that a federation router can resolve by a key.',
    types: Object.keys(locators)
      .map((name) => schema.getType(name))
      .filter((type) => type instanceof GraphQLObjectType),
  });

const withRoot = (schema: GraphQLSchema, change: (fields: RootFields) => RootFields): GraphQLSchema => {
  const config = schema.toConfig();
  const root = config.query?.toConfig();
  if (!root) return schema;
  const query = new GraphQLObjectType({ ...root, fields: change(root.fields) });
  return new GraphQLSchema({ ...config, query, types: config.types.filter(({ name }) => name !== root.name) });
};
