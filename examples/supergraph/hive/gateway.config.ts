import { defineConfig } from '@graphql-hive/gateway';

const { SUPERGRAPH = '../supergraph.graphql', SUBSCRIPTIONS = 'sse' } = process.env;

/**
 * The client's own key, which goes on to the REST API; and ours, which says that it is the router that asks. The gateway
 * fills in what stands in braces for each request, and leaves out what is empty.
 */
const credentials = {
  authorization: '{context.headers.authorization}',
  'router-authorization': '{env.ROUTER_SECRET}',
};

export const gatewayConfig = defineConfig({
  supergraph: SUPERGRAPH,
  transportEntries: {
    assistants: {
      headers: Object.entries(credentials),
      // Subscriptions come from the subgraph as server-sent events, which needs no setting; or over one WebSocket for many.
      options:
        SUBSCRIPTIONS === 'ws'
          ? { subscriptions: { kind: 'ws', location: '/graphql', options: { connectionParams: credentials } } }
          : {},
    },
  },
});
