import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'graphql';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Our graph as a registry gets it: what `assistants-graphql schema` prints. */
export const assistantsSdl = (...flags: '--subgraph'[]) =>
  execFileSync(process.execPath, [at('../bin/assistants-graphql.js'), 'schema', ...flags], { encoding: 'utf8' });

/** The second subgraph, which has `node`, `nodes` and `PageInfo` of its own and owns what a thread belongs to. */
export const usersSdl = readFileSync(at('../examples/supergraph/users/schema.graphql'), 'utf8');

/** A subgraph in the form that both composers take. */
export const service = (name: string, sdl: string, url = `http://${name}.example/graphql`) => ({
  name,
  url,
  typeDefs: parse(sdl),
});
