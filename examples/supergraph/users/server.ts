import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createResolvers } from './resolvers.ts';

const typeDefs = parse(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));

const server = new ApolloServer({
  schema: buildSubgraphSchema([{ typeDefs, resolvers: createResolvers() }]),
  plugins: [ApolloServerPluginInlineTraceDisabled()],
});

const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env['PORT'] ?? 4002) },
});
process.stdout.write(`users at ${url}\n`);
