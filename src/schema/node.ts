import { nodeById } from '../resolvers/node.ts';
import { builder } from './builder.ts';
import { restField } from './restField.ts';

/** What `node` and `nodes` can fetch again; every type of the graph with a global id implements it. */
export const Node = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    ...restField({ description: 'The object with a global id; null if it does not exist.' }),
    args: { id: t.arg.id({ required: true, description: 'What the `id` field of the object returned.' }) },
    resolve: (_, { id }, context, info) => nodeById(id, context, info),
  }),
  nodes: t.field({
    type: [Node],
    ...restField({
      description:
        'The objects with these global ids, in the same order; null for each that does not exist. A malformed id is an error at its own index.',
    }),
    // The list itself costs no call: each of its items does.
    nullable: { list: false, items: true },
    args: { ids: t.arg.idList({ required: true, description: 'What the `id` fields of the objects returned.' }) },
    resolve: (_, { ids }, context, info) => ids.map((id) => nodeById(id, context, info)),
  }),
}));
