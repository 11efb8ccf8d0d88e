import { nodeById } from '../resolvers/node.ts';
import { builder } from './builder.ts';

/** What `node` and `nodes` can fetch again; every type of the graph with a global id implements it. */
export const Node = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Any object by its global id; null where it does not exist.',
    args: { id: t.arg.id({ required: true, description: 'What the `id` field of the object returned.' }) },
    resolve: (_, { id }, context, info) => nodeById(id, context, info),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'Any objects by their global ids, in the order asked; null in the place of one that does not exist. An id that is malformed is an error in its own place.',
    args: { ids: t.arg.idList({ required: true, description: 'What the `id` fields of the objects returned.' }) },
    resolve: (_, { ids }, context, info) => ids.map((id) => nodeById(id, context, info)),
  }),
}));
