import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { beforeAll, describe, expect, test } from 'vitest';
import { assistantsSdl, service, usersSdl } from './subgraphs.ts';

let whole: string;
let subgraph: string;

beforeAll(() => {
  whole = assistantsSdl();
  subgraph = assistantsSdl('--subgraph');
});

describe.each([
  ['@apollo/composition', composeByApollo],
  ['@theguild/federation-composition', composeByTheGuild],
])('%s', (_, compose) => {
  const composed = (...services: ReturnType<typeof service>[]) => {
    const { supergraphSdl, errors } = compose(services);
    return { supergraphSdl: supergraphSdl ?? '', errors: (errors ?? []).map(({ message }) => message) };
  };

  test('composes the default by itself, and keeps node and nodes', () => {
    const { supergraphSdl, errors } = composed(service('assistants', whole));
    expect(errors).toEqual([]);
    expect(supergraphSdl).toMatch(/\n {2}nodes\(/);
  });

  test('composes the subgraph with another that has node, nodes and PageInfo', () => {
    const { supergraphSdl, errors } = composed(service('assistants', subgraph), service('users', usersSdl));
    expect(errors).toEqual([]);
    expect(supergraphSdl).toMatch(/\n {2}owner: User @join__field\(graph: USERS\)/);
  });

  test('keeps every @oneOf', () => {
    const { supergraphSdl } = composed(service('assistants', subgraph), service('users', usersSdl));
    const inputs = [...subgraph.matchAll(/^input (\w+) @oneOf/gm)].map(([, name]) => name);
    expect(inputs.length).toBeGreaterThan(3);
    for (const input of inputs) expect(supergraphSdl).toMatch(new RegExp(`input ${input}[^{]*@oneOf[^{]*{`));
  });

  test('refuses the default beside another that has node: this is what SUBGRAPH is for', () => {
    const { errors } = composed(service('assistants', whole), service('users', usersSdl));
    expect(errors.join('\n')).toContain('Query.node');
  });
});
