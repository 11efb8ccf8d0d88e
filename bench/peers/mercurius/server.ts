import Fastify from 'fastify';
import mercurius, { type Loader } from 'mercurius';
import { Agent, request } from 'undici';
import type { RestMessage } from '../../../src/wire/message.ts';
import type { RestRun } from '../../../src/wire/run.ts';
import { say } from '../listen.ts';
import { resolversOver } from '../resolvers.ts';
import { restOver } from '../rest.ts';
import { typeDefs } from '../schema.ts';

/** mercurius by someone who knows it: graphql-jit, its own loaders, undici over kept-alive connections. */
const upstream = process.env['UPSTREAM'] ?? '';
const dispatcher = new Agent({ connections: 64 });

const rest = restOver(async (path) => {
  const { statusCode, body } = await request(`${upstream}${path}`, {
    dispatcher,
    headers: { 'openai-beta': 'assistants=v2' },
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`GET ${path} was answered with ${statusCode}`);
  return JSON.parse(text);
});

/** One look-up of each assistant that a batch needs. The cache of a loader knows an object by the id that is looked up. */
const assistantLoader = {
  loader: (async (queries) => {
    const found = new Map<string, ReturnType<typeof rest.assistant>>();
    return Promise.all(
      queries.map(async ({ obj: { assistant_id: id } }) => {
        if (id === null) return null;
        const known = found.get(id) ?? rest.assistant(id);
        found.set(id, known);
        return known;
      }),
    );
  }) satisfies Loader<RestMessage | RestRun>,
  opts: { cache: false },
};

const { Run, Message, ...resolvers } = resolversOver(() => rest);
const { assistant: _ofRun, ...run } = Run;
const { assistant: _ofMessage, ...message } = Message;

const app = Fastify({ logger: false });
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: { ...resolvers, Run: run, Message: message },
  loaders: { Run: { assistant: assistantLoader }, Message: { assistant: assistantLoader } },
  jit: 1,
});
say(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
