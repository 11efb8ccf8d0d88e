import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/cli/config.ts';
import { assistant } from '../graph/fixtures.ts';
import { type FacadeOptions, startFacade } from '../support/facade.ts';
import { transports } from './transports.ts';

const query = 'query Name($id: ID!) { assistant(assistantId: $id) { name } }';
const variables = { id: 'asst_1' };
const answered = { data: { assistant: { name: assistant.name } } };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashed = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
const start = (options?: FacadeOptions) => startFacade({ 'GET /assistants/asst_1': assistant }, options);
const error = (code: string, message: string | RegExp) => ({
  errors: [{ message: typeof message === 'string' ? message : expect.stringMatching(message), extensions: { code } }],
});

const notFound = error('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
const notSupported = error('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');

const fileOf = (content: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), 'persisted-')), 'queries.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

const listOf = (content: unknown): FacadeOptions => {
  const { persistedQueries } = readConfig({ PERSISTED_QUERIES_FILE: fileOf(content) });
  return { persistedQueries };
};

const apolloManifest = (id: string) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id, name: 'Name', type: 'query', body: query }],
});

describe.each(transports)('by %s', (_, send) => {
  test('a hash is asked for its document once, and then executes it', async () => {
    const { url, upstream } = await start();
    const persisted = hashed(sha256(query));

    expect(await send(url, { variables, ...persisted })).toEqual(notFound);
    expect(upstream.calls).toEqual([]);
    expect(await send(url, { query, variables, ...persisted })).toEqual(answered);
    expect(await send(url, { variables, ...persisted })).toEqual(answered);
    expect(upstream.calls).toHaveLength(2);
  });

  test('a hash of another document is refused and not kept', async () => {
    const { url, upstream } = await start();
    const persisted = hashed(sha256('{ __typename }'));

    expect(await send(url, { query, variables, ...persisted })).toEqual(
      error('BAD_USER_INPUT', new RegExp(`is not that of the document.* is ${sha256(query)}\\.$`)),
    );
    expect(await send(url, { variables, ...persisted })).toEqual(notFound);
    expect(upstream.calls).toEqual([]);
  });

  test('a document that is not valid is not kept', async () => {
    const { url } = await start();
    const persisted = hashed(sha256('{ wages }'));

    expect(await send(url, { query: '{ wages }', ...persisted })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(await send(url, persisted)).toEqual(notFound);
  });

  test('limits apply to what is persisted as well', async () => {
    const { url } = await start({ maxCost: 1 });

    expect(await send(url, { query, variables, ...hashed(sha256(query)) })).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY' } }],
    });
  });

  test('a hash is not supported if automatic persisted queries are off; documents are executed', async () => {
    const { url } = await start({ automaticPersistedQueries: false });
    const persisted = hashed(sha256(query));

    expect(await send(url, { variables, ...persisted })).toEqual(notSupported);
    expect(await send(url, { query, variables, ...persisted })).toEqual(answered);
    expect(await send(url, { variables, ...persisted })).toEqual(notSupported);
  });

  test.each([
    ['of another version', { version: 2, sha256Hash: 'a' }, /version` must be 1/],
    ['without a hash', { version: 1 }, /sha256Hash` must be a string/],
    ['that is no object', 'x', /persistedQuery` must be an object/],
  ])('extensions.persistedQuery %s is refused', async (_case, persistedQuery, message) => {
    const { url } = await start();

    expect(await send(url, { query, variables, extensions: { persistedQuery } })).toEqual(
      error('BAD_USER_INPUT', message),
    );
  });

  test('an id needs a list of persisted queries', async () => {
    const { url } = await start();

    expect(await send(url, { documentId: 'abc' })).toEqual(error('BAD_USER_INPUT', /PERSISTED_QUERIES_FILE/));
  });

  describe.each([
    ["Apollo's manifest", apolloManifest('abc')],
    ["Relay's map", { abc: query }],
  ])('with %s', (__, content) => {
    test('a document is executed by its id, by whichever name clients send that', async () => {
      const { url, upstream } = await start(listOf(content));

      for (const id of [{ documentId: 'abc' }, { doc_id: 'abc' }, { id: 'abc' }, hashed('abc'), { query }]) {
        expect(await send(url, { variables, ...id })).toEqual(answered);
      }
      expect(upstream.calls).toHaveLength(5);
    });

    test('nothing else is executed, whatever its hash', async () => {
      const { url, upstream } = await start(listOf(content));
      const other = `${query} `;

      expect(await send(url, { query: other, variables })).toEqual(
        error('FORBIDDEN', /not one of the persisted queries/),
      );
      expect(await send(url, { query: other, variables, ...hashed('abc') })).toEqual(error('FORBIDDEN', /not one/));
      expect(await send(url, { query: other, variables, ...hashed(sha256(other)) })).toEqual(error('FORBIDDEN', /not/));
      expect(await send(url, { variables, ...hashed(sha256(other)) })).toEqual(notFound);
      expect(await send(url, { variables, documentId: 'other' })).toEqual(notFound);
      expect(await send(url, { variables, documentId: '__proto__' })).toEqual(notFound);
      expect(upstream.calls).toEqual([]);
    });
  });
});

const document = (index: number) => `{ a${index}: __typename }`;

describe('over HTTP', () => {
  test("the first request of Apollo's client has status 200, and no cache may keep its response", async () => {
    const { url } = await start();
    const search = new URLSearchParams({ extensions: JSON.stringify(hashed(sha256(query)).extensions) });
    const response = await fetch(`${url}?${search}`, {
      headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, no-cache, must-revalidate');
    expect(JSON.parse(await response.text())).toEqual(notFound);
  });

  test('at most a thousand documents are kept: the one that was used least recently is forgotten', async () => {
    const { url, query: ask } = await start();
    const send = async (text: string | undefined, hash: string) => {
      const body = JSON.stringify({ query: text, ...hashed(hash) });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body });
      return JSON.parse(await response.text());
    };
    for (let index = 0; index < 1001; index += 1) await send(document(index), sha256(document(index)));

    expect(await send(undefined, sha256(document(0)))).toEqual(notFound);
    expect(await send(undefined, sha256(document(1)))).toEqual({ data: { a1: 'Query' } });
    expect(await ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });
});

test.each([
  ['is missing', '/nowhere/queries.json', /ENOENT/],
  ['is no JSON', fileOf('{'), /it is no JSON/],
  ['is of another form', fileOf({ documents: [] }), /Apollo's \(version 1\), or a JSON object/],
  ['is of another version', fileOf({ ...apolloManifest('a'), version: 2 }), /version 1/],
])('a file of persisted queries that %s ends the start', (_, file, message) => {
  const read = () => readConfig({ PERSISTED_QUERIES_FILE: file });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
  expect(read).toThrow(/^PERSISTED_QUERIES_FILE must be/);
});
