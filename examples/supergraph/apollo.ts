import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/** What one request of a client brings along. */
interface Caller {
  readonly authorization?: string | undefined;
}

const { SUPERGRAPH = 'supergraph.graphql', ROUTER_SECRET, PORT = '4000' } = process.env;

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(SUPERGRAPH, 'utf8'),
  buildService: ({ name, url = '' }) =>
    new RemoteGraphQLDataSource<Caller>({
      url,
      willSendRequest({ request, context: { authorization } }) {
        if (name !== 'assistants') return;
        // The client's own key, which goes on to the REST API; and ours, which says that it is the router that asks.
        if (authorization !== undefined) request.http?.headers.set('authorization', authorization);
        if (ROUTER_SECRET !== undefined) request.http?.headers.set('router-authorization', ROUTER_SECRET);
      },
    }),
});

const { url } = await startStandaloneServer(new ApolloServer<Caller>({ gateway }), {
  listen: { host: '127.0.0.1', port: Number(PORT) },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
process.stdout.write(`@apollo/gateway at ${url}\n`);
