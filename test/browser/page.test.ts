import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createGraphiql, type GraphiqlRequest } from '../../src/graphiql/page.ts';
import { tour } from '../../src/graphiql/tour.ts';

test('GraphiQL is served to a browser that opens the GraphQL path, and to no other request', async () => {
  const graphiql = createGraphiql({ graphqlPath: '/graphql' });
  const isServed = (path: string, over: Partial<GraphiqlRequest> = {}) => graphiql(get(path, over)) !== null;

  expect(isServed('/graphql')).toBe(true);
  expect(isServed('/graphql?query={__typename}')).toBe(true);
  expect(isServed('/graphql', { accept: 'application/json' })).toBe(false);
  expect(isServed('/graphql?query={__typename}', { accept: '*/*' })).toBe(false);
  expect(isServed('/graphql', { method: 'POST' })).toBe(false);
  expect(isServed('/v1/assistants')).toBe(false);
});

test('every asset of the page exists and can be cached forever', async () => {
  const page = await fetched('/graphql');
  expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  const named = assetsNamedIn(page.body.toString());
  expect(named.map((path) => path.split('/').at(-1))).toEqual([
    'icon.svg',
    'graphiql.css',
    'page.css',
    'graphiql.js',
    'start.js',
  ]);
  for (const path of named) {
    const { status, headers } = await fetched(path, { accept: '*/*' });
    expect({ path, status }).toEqual({ path, status: 200 });
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  }
});

test('the content security policy allows no other origin', async () => {
  const { headers, body } = await fetched('/graphql');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy.match(/https?:|\*/)).toBeNull();
  expect(body.toString().match(/(src|href)="https?:/)).toBeNull();
});

test('a compressed asset has the same content and is smaller', async () => {
  const [script = ''] = assetsNamedIn((await fetched('/graphql')).body.toString()).filter((path) =>
    path.endsWith('graphiql.js'),
  );
  const plain = await fetched(script);
  const zipped = await fetched(script, { acceptEncoding: 'br, gzip;q=0.8' });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
  expect(zipped.body.length).toBeLessThan(plain.body.length / 3);

  const declined = await fetched(script, { acceptEncoding: 'gzip;q=0, identity' });
  expect(declined.headers).not.toHaveProperty('content-encoding');
});

test('a page that the browser has cached is not sent again', async () => {
  const first = await fetched('/graphql', { acceptEncoding: 'gzip' });
  const again = await fetched('/graphql', { acceptEncoding: 'gzip', ifNoneMatch: `"other", ${first.headers['etag']}` });
  expect(again.status).toBe(304);
  expect(again.body).toHaveLength(0);
  expect((await fetched('/graphql', { ifNoneMatch: '"other"' })).status).toBe(200);
});

test('an asset of another version is a 404 that says what to do', async () => {
  const { status, headers, body } = await fetched('/graphql/assets/older/graphiql.js');
  expect(status).toBe(404);
  expect(headers['cache-control']).toBe('no-store');
  expect(body.toString()).toContain('Reload the page');
});

test('the operations of the tour are valid, one in each tab', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  for (const { query } of tour) {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(document.definitions).toHaveLength(1);
  }
});

test('no comment line of the tour is longer than 53 characters, the width of the editor in a laptop-sized window', () => {
  const lines = tour.flatMap(({ query }) => query.split('\n'));

  expect(lines.filter((line) => line.startsWith('#') && line.length > 53)).toEqual([]);
});

test('each id that an operation of the tour needs is returned by an earlier one', () => {
  // A file is chosen by the user.
  const known = new Set(['upload']);
  for (const { query, variables, gives } of tour) {
    for (const [, name = ''] of (variables ?? '').matchAll(/\{\{(\w+)\}\}/g)) {
      expect(known, `${name} in ${query}`).toContain(name);
    }
    for (const name of gives) {
      expect(query).toMatch(new RegExp(`^ +${name}(: id)?$`, 'm'));
      known.add(name);
    }
  }
});

const get = (path: string, over: Partial<GraphiqlRequest> = {}): GraphiqlRequest => ({
  method: 'GET',
  pathname: new URL(path, 'http://127.0.0.1').pathname,
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  acceptEncoding: '',
  ...over,
});

const graphiqlOfAll = createGraphiql({ graphqlPath: '/graphql' });

const fetched = async (path: string, over: Partial<GraphiqlRequest> = {}) => {
  const response = await graphiqlOfAll(get(path, over));
  if (response === null) throw new Error(`${path} is not served`);
  return response;
};

const assetsNamedIn = (html: string) =>
  [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, path = '']) => new URL(path, 'http://127.0.0.1/graphql').pathname,
  );
