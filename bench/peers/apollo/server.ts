import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { say } from '../listen.ts';
import { resolversOver } from '../resolvers.ts';
import { type PeerRest, restOver } from '../rest.ts';
import { typeDefs } from '../schema.ts';

/** Apollo Server, standalone, with a data source a request: that one makes each GET of a request once. */
class Assistants extends RESTDataSource {
  override baseURL = process.env['UPSTREAM'] ?? '';

  override willSendRequest(_path: string, request: { headers: Record<string, string> }) {
    request.headers['openai-beta'] = 'assistants=v2';
  }

  readonly rest: PeerRest = restOver((path) => this.get(path));
}

const server = new ApolloServer<{ rest: PeerRest }>({
  typeDefs,
  resolvers: resolversOver(({ rest }: { rest: PeerRest }) => rest),
});

const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async () => ({ rest: new Assistants({ cache: server.cache }).rest }),
});

say(new URL(url).port);
