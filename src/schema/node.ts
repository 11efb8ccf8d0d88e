import { nodeById } from '../resolvers/node.ts';
import { builder } from './builder.ts';
import { restField } from './restField.ts';

/** The interface of every type with a global id. */
export const Node = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    ...restField({ description: 'Look up an object by its global ID. Null if it does not exist.' }),
    args: { id: t.arg.id({ required: true, description: 'The global ID of the object.' }) },
    resolve: (_, { id }, context, info) => nodeById(id, context, info),
  }),
  nodes: t.field({
    type: [Node],
    ...restField({
      description:
        'Look up objects by their global IDs, in the given order. Null for each object that does not exist. A malformed ID is an error at its own index.',
    }),
    // Each item costs a call, the list itself does not.
    nullable: { list: false, items: true },
    args: { ids: t.arg.idList({ required: true, description: 'The global IDs of the objects.' }) },
    resolve: (_, { ids }, context, info) => ids.map((id) => nodeById(id, context, info)),
  }),
}));
