import { defineConfig } from '@graphql-hive/gateway';

interface AssistantsContext {
  Assistants: { Query: { getAssistant(call: object): unknown } };
}

/**
 * Half of the messages have no assistant. With `@resolveTo` one of these would fail the batch of all the others: null is no
 * `String!`. So this one edge is a resolver by hand.
 */
export const gatewayConfig = defineConfig({
  additionalResolvers: {
    Message: {
      itsAssistant: {
        selectionSet: '{ assistant_id }',
        resolve: (root: { assistant_id: string | null }, _args: object, context: AssistantsContext, info: object) => {
          if (root.assistant_id === null) return null;
          return context.Assistants.Query.getAssistant({
            root,
            args: { assistant_id: root.assistant_id },
            context,
            info,
          });
        },
      },
    },
  },
});
