import type { GraphQLSchema } from 'graphql';
import { subgraphOf, withoutNodes } from './federation.ts';
import { createSchema } from './index.ts';

const made = new Map<boolean, GraphQLSchema>();

/**
 * The schema that is served, with the fields for federation; as a subgraph it lacks `node` and `nodes`. Created once per process,
 * since that takes as long as hundreds of queries.
 */
export const servedSchema = ({ subgraph }: { subgraph: boolean }): GraphQLSchema => {
  const schema = made.get(subgraph) ?? subgraphOf(subgraph ? withoutNodes(createSchema()) : createSchema());
  made.set(subgraph, schema);
  return schema;
};
