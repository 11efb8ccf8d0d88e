import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { print } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { assistantsSdl, service, usersSdl } from './subgraphs.ts';

type Services = ReturnType<typeof service>[];

/** The supergraph, or what stands in its way. */
interface Composed {
  sdl: string;
  errors: string[];
}

const messagesOf = (errors: readonly Error[] = []) => errors.map(({ message }) => message);

const byApollo = (services: Services): Composed => {
  const { supergraphSdl, errors } = composeByApollo(services);
  return { sdl: supergraphSdl ?? '', errors: messagesOf(errors) };
};

const byTheGuild = (services: Services): Composed => {
  const { supergraphSdl, errors } = composeByTheGuild(services);
  return { sdl: supergraphSdl ?? '', errors: messagesOf(errors) };
};

const byCosmo = (services: Services): Composed => {
  const result = federateSubgraphs({
    subgraphs: services.map(({ typeDefs, ...subgraph }) => ({ ...subgraph, definitions: typeDefs })),
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  return result.success
    ? { sdl: print(result.federatedGraphAST), errors: [] }
    : { sdl: '', errors: messagesOf(result.errors) };
};

let whole: string;
let subgraph: string;

beforeAll(() => {
  whole = assistantsSdl();
  subgraph = assistantsSdl('--subgraph');
});

describe.each([
  ['@apollo/composition', byApollo],
  ['@theguild/federation-composition', byTheGuild],
  ['@wundergraph/composition', byCosmo],
])('%s', (_, compose) => {
  test('composes the default by itself, and keeps node and nodes', () => {
    const { sdl, errors } = compose([service('assistants', whole)]);
    expect(errors).toEqual([]);
    expect(sdl).toMatch(/\n {2}nodes\(/);
  });

  test('composes the subgraph with another that has node, nodes and PageInfo', () => {
    const { sdl, errors } = compose([service('assistants', subgraph), service('users', usersSdl)]);
    expect(errors).toEqual([]);
    expect(sdl).toMatch(/\n {2}owner: User/);
  });

  test('keeps every @oneOf', () => {
    const { sdl } = compose([service('assistants', subgraph), service('users', usersSdl)]);
    const inputs = [...subgraph.matchAll(/^input (\w+) @oneOf/gm)].map(([, name]) => name);
    expect(inputs.length).toBeGreaterThan(3);
    for (const input of inputs) expect(sdl).toMatch(new RegExp(`input ${input}[^{]*@oneOf[^{]*{`));
  });

  test('rejects the default schema next to another one with node, which is why there is SUBGRAPH', () => {
    const { errors } = compose([service('assistants', whole), service('users', usersSdl)]);
    expect(errors.join('\n')).toMatch(/\bnode\b/);
  });
});

const sizes = (text: string) => text.match(/@listSize\([^)]*\[\s*"first",?\s+"last"\s*\]/g) ?? [];

// Cosmo's composition leaves it out of the schema.
test.each([
  ['@apollo/composition', byApollo],
  ['@theguild/federation-composition', byTheGuild],
])('%s keeps the size of every connection, by which routers compute costs', (_, compose) => {
  const { sdl } = compose([service('assistants', subgraph), service('users', usersSdl)]);
  expect(sizes(subgraph)).toHaveLength(9);
  expect(sizes(sdl)).toHaveLength(9);
});
