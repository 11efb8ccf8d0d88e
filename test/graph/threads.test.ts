import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, reply, type UpstreamCall } from '../support/upstream.ts';
import { restList } from './restList.ts';
import { startOverEngine } from './overEngine.ts';

const threads = Array.from({ length: 150 }, (_, index) => ({
  id: `thread_${String(index).padStart(3, '0')}`,
  object: 'thread',
  created_at: 1_700_000_000 + index,
  metadata: { parity: index % 2 === 0 ? 'even' : 'odd' },
}));

/** A list of threads that has the filters of the engine. */
const filtering = (call: UpstreamCall) => {
  const {
    'metadata[parity]': parity,
    'created_at[gt]': after = '0',
    'created_at[lt]': before = '9999999999',
  } = call.query;
  return restList(
    threads.filter(
      ({ created_at: time, metadata }) =>
        (parity === undefined || metadata.parity === parity) && time > Number(after) && time < Number(before),
    ),
  )(call);
};

interface Page {
  threads: { nodes: { threadId: string; metadata?: object }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
}

const nodes = 'nodes { threadId } pageInfo { endCursor hasNextPage }';

test('threads are listed page by page, newest first', async () => {
  const { query, upstream } = await startFacade({ 'GET /threads': filtering });

  const first = await query<Page>(`{ threads(first: 2) { ${nodes} } }`);
  expect(first.data?.threads.nodes).toEqual([{ threadId: 'thread_149' }, { threadId: 'thread_148' }]);
  const after = first.data?.threads.pageInfo.endCursor;
  const second = await query<Page>(`query ($after: String) { threads(first: 101, after: $after) { ${nodes} } }`, {
    after,
  });
  expect(second.data?.threads.nodes.at(-1)).toEqual({ threadId: 'thread_047' });
  expect(second.data?.threads.pageInfo.hasNextPage).toBe(true);
  expect(upstream.paths()).toHaveLength(3);
});

test('the filter becomes query parameters, with bounds in whole seconds', async () => {
  const { query, upstream } = await startFacade({ 'GET /threads': filtering });
  const filter = {
    metadata: { parity: 'odd' },
    createdAfter: '2023-11-14T23:13:21.500+01:00',
    createdBefore: '2023-11-14T22:13:27.500Z',
  };

  const result = await query<Page>(`query ($filter: ThreadFilterInput) { threads(filter: $filter) { ${nodes} } }`, {
    filter,
  });
  expect(result.errors).toBeUndefined();
  expect(result.data?.threads.nodes.map(({ threadId }) => threadId)).toEqual([
    'thread_007',
    'thread_005',
    'thread_003',
  ]);
  expect(upstream.calls[0]?.query).toEqual({
    limit: '20',
    order: 'desc',
    'metadata[parity]': 'odd',
    'created_at[gt]': '1700000001',
    'created_at[lt]': '1700000008',
  });
});

test('a listed thread is not read again', async () => {
  const message = { id: 'msg_1', object: 'thread.message', role: 'user', content: [] };
  const { query, upstream } = await startFacade({
    'GET /threads': restList(threads.slice(0, 1)),
    'GET /threads/thread_000/messages': restList([message]),
  });

  const result = await query('{ threads { nodes { messages { nodes { thread { metadata } } } } } }');
  expect(result).toMatchObject({
    data: { threads: { nodes: [{ messages: { nodes: [{ thread: { metadata: { parity: 'even' } } }] } }] } },
  });
  expect(upstream.paths()).toEqual([
    'GET /threads?limit=20&order=desc',
    'GET /threads/thread_000/messages?limit=20&order=desc',
  ]);
});

test('two lists with the same filter in one operation cost one call', async () => {
  const { query, upstream } = await startFacade({ 'GET /threads': filtering });

  const list = '(filter: { metadata: { parity: "odd" } }) { nodes { threadId } }';
  expect(await query(`{ a: threads${list} b: threads${list} }`)).not.toHaveProperty('errors');
  expect(upstream.calls).toHaveLength(1);
});

describe('over an upstream without the list, threads is null with NOT_SUPPORTED', () => {
  test.each([
    ['a 404 of the API', refusal(404, 'Invalid URL (GET /v1/threads)')],
    ['a 404 that is a web page', reply({ status: 404, body: 'Cannot GET /threads' })],
    ['a 404 without the error envelope', reply({ status: 404, json: { detail: 'Not Found' } })],
    ['a 405', reply({ status: 405, json: { detail: 'Method Not Allowed' } })],
    ['a 501', refusal(501, 'Not implemented')],
    [
      'a 401 for API keys only',
      refusal(401, 'Your request to GET /v1/threads must be made with a session key.', { code: 'missing_scope' }),
    ],
  ])('%s', async (_, answer) => {
    const { query } = await startFacade({ 'GET /threads': () => answer, 'GET /assistants': restList([]) });

    const { data, errors } = await query('{ threads { nodes { threadId } } assistants { nodes { assistantId } } }');
    expect(data).toEqual({ threads: null, assistants: { nodes: [] } });
    expect(errors).toMatchObject([{ path: ['threads'], extensions: { code: 'NOT_SUPPORTED' } }]);
    expect(errors?.[0]?.message).toContain('this upstream does not support a list of threads');
  });
});

test('a cursor that an upstream does not know is an error of its own', async () => {
  const { query } = await startFacade({
    'GET /threads': (call: UpstreamCall) =>
      call.query['after'] === undefined ? restList(threads)(call) : refusal(404, "No thread found with id 'x'."),
  });

  const first = await query<Page>(`{ threads(first: 1) { ${nodes} } }`);
  const after = first.data?.threads.pageInfo.endCursor;
  const { errors } = await query(`query ($after: String) { threads(after: $after) { ${nodes} } }`, { after });
  expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
});

test.each([
  [refusal(401, 'Incorrect API key provided.', { code: 'invalid_api_key' }), 'UNAUTHENTICATED'],
  [refusal(403, 'No.'), 'FORBIDDEN'],
  [refusal(400, 'Bad limit.'), 'BAD_USER_INPUT'],
])('other errors of the list keep their code', async (answer, code) => {
  const { query } = await startFacade({ 'GET /threads': () => answer });

  expect(await query('{ threads { nodes { threadId } } }')).toMatchObject({
    data: { threads: null },
    errors: [{ extensions: { code } }],
  });
});

test.each([
  '{ metadata: { parity: "odd" } }',
  '{ metadata: { parity: "" } }',
  '{ createdAfter: "2023-11-14T22:13:30Z" }',
  '{ createdBefore: "2023-11-14T22:13:30Z" }',
])('an upstream that ignores the filter %s gives NOT_SUPPORTED instead of other threads', async (filter) => {
  const { query } = await startFacade({ 'GET /threads': (call: UpstreamCall) => restList(threads)(call) });

  const { data, errors } = await query(`{ threads(filter: ${filter}, first: 145) { nodes { threadId } } }`);
  expect(data).toEqual({ threads: null });
  expect(errors).toMatchObject([{ extensions: { code: 'NOT_SUPPORTED' } }]);
  expect(errors?.[0]?.message).toContain('ignores the filter');
});

test.each(['"2023-11-14"', '"2023-11-14T22:13:30"', '"yesterday"', '1700000000', '"2023-13-14T22:13:30Z"'])(
  'createdAfter: %s is rejected before any call',
  async (time) => {
    const { query, upstream } = await startFacade({});

    const { errors } = await query(`{ threads(filter: { createdAfter: ${time} }) { nodes { threadId } } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toContain('2026-08-26T09:30:00Z');
    expect(upstream.calls).toEqual([]);
  },
);

test('over the engine, threads are found by their metadata, with their usage', async () => {
  const { ask } = await startOverEngine();
  const create = (topic: string) =>
    ask(`mutation { createThread(input: { metadata: { topic: "${topic}" } }) { thread { threadId } } }`);
  await create('a');
  await create('b');
  const list = (topic: string) =>
    ask<Page>(`{ threads(filter: { metadata: { topic: "${topic}" } }) { nodes { metadata usage { totalTokens } } } }`);
  expect((await list('a')).threads.nodes).toEqual([{ metadata: { topic: 'a' }, usage: { totalTokens: 0 } }]);
  expect((await list('c')).threads.nodes).toEqual([]);
});
