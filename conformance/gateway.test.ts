import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createResolvers } from '../examples/supergraph/users/resolvers.ts';
import { type RunningServer, startServer } from '../test/support/server.ts';
import { startUpstream, type TestUpstream } from '../test/support/upstream.ts';
import { assistantsSdl, service, usersSdl } from './subgraphs.ts';

/** A third subgraph that knows of runs and of nothing but their keys. */
const scheduleSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { scheduledRuns: [Run!]! }
  type Run @key(fields: "threadId runId", resolvable: false) { threadId: ID! runId: ID! }
`;

const secret = 'of-the-router-and-us';
const threadIds = Array.from({ length: 20 }, (_, n) => `thread_${n + 1}`);
const runIds = Array.from({ length: 10 }, (_, n) => `run_${n + 1}`);

let upstream: TestUpstream;
let assistants: RunningServer;
let supergraph: ApolloServer<Caller>;
const others: ApolloServer[] = [];

/** Who asks the gateway. */
interface Caller {
  authorization?: string;
}

/** The operations that the gateway sent to our subgraph. */
const sent: string[] = [];

beforeAll(async () => {
  upstream = await startUpstream(({ path }) => objectAt(path));
  assistants = await startServer({
    ASSISTANTS_BASE_URL: upstream.url,
    SUBGRAPH: 'on',
    ROUTER_SECRET: secret,
    LOG_LEVEL: 'silent',
  });
  const { supergraphSdl, errors } = composeServices([
    service('assistants', assistantsSdl('--subgraph'), `${assistants.url}/graphql`),
    service('users', usersSdl, await startSubgraph(usersSdl, createResolvers())),
    service('schedule', scheduleSdl, await startSubgraph(scheduleSdl, { Query: { scheduledRuns } })),
  ]);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  supergraph = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl, buildService }) });
  await supergraph.start();
  for (const threadId of threadIds) {
    await answerTo('mutation ($input: ClaimThreadInput!) { claimThread(input: $input) { thread { threadId } } }', {
      input: { threadId, userId: 'ada' },
    });
  }
});
beforeEach(() => {
  upstream.calls.length = 0;
  sent.length = 0;
});
afterAll(async () => {
  await Promise.all([supergraph, ...others].map((server) => server.stop()));
  await assistants.stop();
  await upstream.close();
});

test('twenty threads of a user cost the REST calls of twenty threads and no more', async () => {
  const answer = await answerTo(
    '{ user(userId: "ada") { name threads(first: 20) { nodes { threadId createdAt messages(first: 1) { nodes { text } } owner { name } } } } }',
  );

  const nodes = threadIds.toReversed().map((threadId) => ({
    threadId,
    createdAt: '1970-01-01T00:00:00.000Z',
    messages: { nodes: [{ text: `Hello from ${threadId}` }] },
    owner: { name: 'Ada' },
  }));
  expect(answer).toEqual({ data: { user: { name: 'Ada', threads: { nodes } } } });
  expect(sent).toHaveLength(1);
  const expected = threadIds.flatMap((id) => [`GET /threads/${id}`, `GET /threads/${id}/messages?limit=1&order=desc`]);
  expect(upstream.paths().toSorted()).toEqual(expected.toSorted());
});

test('twenty threads of which only ids are asked cost no REST call', async () => {
  const answer = await answerTo('{ user(userId: "ada") { threads { nodes { id threadId } } } }');
  expect(answer.errors).toBeUndefined();
  expect(upstream.paths()).toEqual([]);
});

test('ten runs by threadId and runId are one request of the gateway, and each run is read at most once', async () => {
  const answer = await answerTo('{ scheduledRuns { runId model thread { threadId owner { name } } } }');

  const thread = { threadId: 'thread_1', owner: { name: 'Ada' } };
  expect(answer).toEqual({ data: { scheduledRuns: runIds.map((runId) => ({ runId, model: 'gpt', thread })) } });
  expect(sent).toHaveLength(1);
  expect(upstream.calls.length).toBeLessThanOrEqual(runIds.length);
  expect(new Set(upstream.paths()).size).toBe(upstream.calls.length);
});

test('a thread of ours has its owner of theirs', async () => {
  const answer = await answerTo('{ thread(threadId: "thread_7") { createdAt owner { userId } } }');
  expect(answer).toEqual({ data: { thread: { createdAt: '1970-01-01T00:00:00.000Z', owner: { userId: 'ada' } } } });
});

test("the client's own Authorization, which the gateway forwards, reaches the upstream", async () => {
  await answerTo('{ thread(threadId: "thread_1") { createdAt } }', {}, { authorization: 'Bearer own-key' });
  expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer own-key']);
});

test('an input with two fields of a @oneOf is an error, and nothing is written', async () => {
  const { errors } = await answerTo(
    'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { id } } }',
    {
      input: { threadId: 'thread_1', role: 'USER', content: [{ text: 'Hello', imageFile: { fileId: 'file_1' } }] },
    },
  );
  expect(errors).toHaveLength(1);
  expect(upstream.paths()).toEqual([]);
});

const answerTo = async (query: string, variables: Record<string, unknown> = {}, contextValue: Caller = {}) => {
  const { body } = await supergraph.executeOperation({ query, variables }, { contextValue });
  if (body.kind !== 'single') throw new Error('The gateway answered in parts.');
  const { data, errors } = body.singleResult;
  // Through JSON, as a client gets it: the gateway's own objects have no prototype.
  return JSON.parse(JSON.stringify({ data, errors }));
};

const buildService = ({ name, url = '' }: { name: string; url?: string }) =>
  new RemoteGraphQLDataSource<Caller>({
    url,
    willSendRequest({ request, context }) {
      if (name !== 'assistants') return;
      sent.push(request.query ?? '');
      request.http?.headers.set('router-authorization', secret);
      if (context.authorization !== undefined) request.http?.headers.set('authorization', context.authorization);
    },
  });

const startSubgraph = async (sdl: string, resolvers: object) => {
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: { ...resolvers } }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  others.push(server);
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  return url;
};

const scheduledRuns = () => runIds.map((runId) => ({ threadId: 'thread_1', runId }));

const objectAt = (path: string) => {
  const [, threadId, list, id] = path.split('/').slice(1);
  const run = (runId: string) => ({ id: runId, object: 'thread.run', thread_id: threadId, model: 'gpt' });
  if (list === undefined) return { id: threadId, object: 'thread', created_at: 0 };
  if (id !== undefined) return run(id);
  return page(list === 'runs' ? runIds.map(run) : [messageOf(threadId)]);
};

const messageOf = (threadId: string | undefined) => ({
  id: `msg_of_${threadId}`,
  object: 'thread.message',
  thread_id: threadId,
  content: [{ type: 'text', text: { value: `Hello from ${threadId}`, annotations: [] } }],
});

const page = (data: { id: string }[]) => ({
  object: 'list',
  data,
  first_id: data.at(0)?.id,
  last_id: data.at(-1)?.id,
  has_more: false,
});
