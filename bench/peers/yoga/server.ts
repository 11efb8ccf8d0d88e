import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { listen } from '../listen.ts';
import { resolversOver } from '../resolvers.ts';
import { restOver } from '../rest.ts';
import { typeDefs } from '../schema.ts';

/** graphql-yoga as it comes, with the fetch that Node has: no loader, and no thought of calls. */
const upstream = process.env['UPSTREAM'] ?? '';

const rest = restOver(async (path) => {
  const answer = await fetch(`${upstream}${path}`, { headers: { 'openai-beta': 'assistants=v2' } });
  if (!answer.ok) throw new Error(`GET ${path} was answered with ${answer.status}`);
  return answer.json();
});

const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers: resolversOver(() => rest) }) });

listen(createServer((request, response) => void yoga(request, response)));
