import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { raw } from '../support/upstream.ts';
import { assistant, pageOf, run, thread } from './fixtures.ts';

const read = '{ assistant(assistantId: "asst_1") { name } }';
const routes = { 'GET /assistants/asst_1': assistant };

describe('credentials', () => {
  test('of the client take precedence over the configured ones', async () => {
    const { query, upstream } = await startFacade(routes, { headers: { Authorization: 'Bearer configured' } });

    await query(read);
    await query(read, {}, { authorization: 'Bearer mine' });
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer configured', 'Bearer mine']);
  });

  test('of one client are not used for another, even in concurrent requests', async () => {
    const { query, upstream } = await startFacade({
      'GET /assistants/asst_1': ({ headers }) => ({ ...assistant, name: headers.authorization }),
    });

    const names = ['Ann', 'Bob', 'Cem'];
    const answers = await Promise.all(names.map((name) => query(read, {}, { authorization: name })));
    expect(answers.map(({ data }) => data)).toEqual(names.map((name) => ({ assistant: { name } })));
    expect(upstream.calls).toHaveLength(3);
  });

  test('no other header of a client reaches the upstream', async () => {
    const { query, upstream } = await startFacade(routes);

    await query(read, {}, { cookie: 'session=1', 'x-mine': 'yes', 'openai-beta': 'assistants=v1' });
    expect(upstream.calls[0]?.headers).toMatchObject({ 'openai-beta': 'assistants=v2' });
    expect(upstream.calls[0]?.headers).not.toHaveProperty('cookie');
    expect(upstream.calls[0]?.headers).not.toHaveProperty('x-mine');
    expect(upstream.calls[0]?.headers).not.toHaveProperty('authorization');
  });
});

test('configured headers and query parameters are sent with every REST call, as Azure requires', async () => {
  const { query, upstream } = await startFacade(
    { ...routes, 'POST /threads': thread, 'GET /assistants': pageOf(assistant) },
    { headers: { 'api-key': 'k' }, query: { 'api-version': '2024-05-01-preview' } },
  );

  await query(read);
  await query('{ assistants(first: 3) { nodes { name } } }');
  await query('mutation { createThread(input: {}) { thread { threadId } } }');
  expect(upstream.paths()).toEqual([
    'GET /assistants/asst_1?api-version=2024-05-01-preview',
    'GET /assistants?api-version=2024-05-01-preview&limit=3&order=desc',
    'POST /threads?api-version=2024-05-01-preview',
  ]);
  expect(upstream.calls.map(({ headers }) => headers['api-key'])).toEqual(['k', 'k', 'k']);
});

test('the REST calls of a client that disconnects are cancelled', async () => {
  const leaving = new AbortController();
  const upstreamEvents = new EventEmitter();
  const { url } = await startFacade(
    {
      // No response is ever sent, and no timeout ends before that of the test.
      'GET /assistants/asst_1': raw((response) => {
        response.on('close', () => upstreamEvents.emit('closed'));
        leaving.abort();
      }),
    },
    { timeoutMs: 600_000 },
  );

  const closed = once(upstreamEvents, 'closed');
  const asked = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: read }),
    signal: leaving.signal,
  });
  await expect(asked).rejects.toThrow('aborted');
  await closed;
});

describe('the limits of a document:', () => {
  const nested = (depth: number): string =>
    depth === 0 ? '{ id }' : `{ thread { runs { nodes ${nested(depth - 1)} } } }`;

  test('its depth is limited', async () => {
    const { query, upstream } = await startFacade({ 'GET /threads/thread_1/runs/run_1': run }, { maxDepth: 10 });
    const document = `{ run(threadId: "thread_1", runId: "run_1") ${nested(5)} }`;

    const result = await query(document);
    expect(result).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/depth.* 10, as set by MAX_QUERY_DEPTH/),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    expect(upstream.calls).toEqual([]);
  });

  test('its length is limited', async () => {
    const { query, upstream } = await startFacade(routes, { maxTokens: 100 });
    const document = `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: assistants { edges { cursor } }`).join(' ')} }`;

    expect(await query(document)).toMatchObject({
      errors: [{ message: expect.stringContaining('100'), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(upstream.calls).toEqual([]);
  });

  test('its REST calls are limited, and those up to the limit succeed', async () => {
    const { query, upstream } = await startFacade(
      ({ path }) => ({ id: path.split('/').at(-1), metadata: { a: 'b' } }),
      { maxUpstreamCalls: 3 },
    );
    const fields = [1, 2, 3, 4, 5].map((index) => `t${index}: thread(threadId: "t${index}") { metadata }`);

    const { data, errors } = await query(`{ ${fields.join(' ')} }`);
    expect(upstream.calls).toHaveLength(3);
    expect(Object.values(data ?? {}).filter((one) => one !== null)).toHaveLength(3);
    expect(errors).toHaveLength(2);
    for (const error of errors ?? []) {
      expect(error).toMatchObject({
        message: expect.stringContaining('3 REST calls'),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
  });

  test('each request has its own limit', async () => {
    const { query } = await startFacade(routes, { maxUpstreamCalls: 1 });

    expect((await query(read)).errors).toBeUndefined();
    expect((await query(read)).errors).toBeUndefined();
  });

  test('introspection costs no REST call', async () => {
    const { query, upstream } = await startFacade({});

    expect((await query('{ __schema { queryType { name } } }')).errors).toBeUndefined();
    expect(upstream.calls).toEqual([]);
  });
});

test('a request is logged by its name with what it cost, also one that goes through yoga', async () => {
  const { query, url, logged } = await startFacade(routes);

  await query(`query Bakers ${read}`);
  await query(read);
  await fetch(`${url}?query=${encodeURIComponent(`query Bakers ${read}`)}`);
  const lines = logged.map((line): unknown => JSON.parse(line));
  expect(lines).toEqual(
    ['Bakers', 'anonymous', 'Bakers'].map((operation) =>
      expect.objectContaining({ event: 'graphql', operation, upstreamCalls: 1, errors: 0 }),
    ),
  );
});
