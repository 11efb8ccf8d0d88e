import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import type { GraphqlAnswer } from '../support/server.ts';
import { refusal } from '../support/upstream.ts';
import { pageOf } from './fixtures.ts';
import { listed, restList } from './restList.ts';

interface Page {
  assistants: {
    nodes: { assistantId: string }[];
    pageInfo?: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  };
}

const pageInfo = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

const startList = (count: number, options = {}) => startFacade({ 'GET /assistants': restList(listed(count)) }, options);

const idsOf = (page: Page | null | undefined) => page?.assistants.nodes.map(({ assistantId }) => assistantId);

describe('how many pages are read', () => {
  test.each([
    ['nothing said', '', ['limit=20&order=desc']],
    ['first: 1', '(first: 1)', ['limit=1&order=desc']],
    ['first: 100', '(first: 100)', ['limit=100&order=desc']],
    ['first: 100, oldest first', '(first: 100, order: ASC)', ['limit=100&order=asc']],
    ['first: 101', '(first: 101)', ['limit=100&order=desc', 'limit=1&order=desc&after=a151']],
    [
      'first: 250',
      '(first: 250)',
      ['limit=100&order=desc', 'limit=100&order=desc&after=a151', 'limit=50&order=desc&after=a051'],
    ],
    ['last: 5', '(last: 5)', ['limit=5&order=asc']],
    ['last: 101, oldest first', '(last: 101, order: ASC)', ['limit=100&order=desc', 'limit=1&order=desc&after=a151']],
    ['first: 0', '(first: 0)', []],
  ])('%s', async (_, args, calls) => {
    const { query, upstream } = await startList(250);

    const result = await query(`{ assistants${args} { nodes { assistantId } } }`);
    expect(result.errors).toBeUndefined();
    expect(upstream.paths()).toEqual(calls.map((call) => `GET /assistants?${call}`));
  });

  test('more items than exist: the list ends when the REST API reports its end', async () => {
    const { query, upstream } = await startList(130);

    const { data } = await query<Page>(`{ assistants(first: 1000) { nodes { assistantId } ${pageInfo} } }`);
    expect(idsOf(data)).toEqual(
      listed(130)
        .map(({ id }) => id)
        .toReversed(),
    );
    expect(data?.assistants.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    expect(upstream.paths()).toHaveLength(2);
  });

  test('first: 0 with page info: one item, to know whether there are any', async () => {
    const { query, upstream } = await startList(3);

    expect(await query(`{ assistants(first: 0) { edges { cursor } ${pageInfo} } }`)).toEqual({
      data: {
        assistants: {
          edges: [],
          pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
        },
      },
    });
    expect(upstream.paths()).toEqual(['GET /assistants?limit=1&order=desc']);
  });
});

test('a client that follows endCursor gets every item once, in order', async () => {
  const { query } = await startList(47);
  const met: string[] = [];
  let after: string | null = null;

  for (let more = true; more; ) {
    const { data }: GraphqlAnswer<Page> = await query(
      `query ($after: String) { assistants(first: 10, after: $after, order: ASC) { nodes { assistantId } ${pageInfo} } }`,
      { after },
    );
    met.push(...(idsOf(data) ?? []));
    more = data?.assistants.pageInfo?.hasNextPage ?? false;
    after = data?.assistants.pageInfo?.endCursor ?? null;
  }
  expect(met).toEqual(listed(47).map(({ id }) => id));
});

test('a client that follows startCursor backward gets every item once, from the end', async () => {
  const { query } = await startList(47);
  const met: string[] = [];
  let before: string | null = null;

  for (let more = true; more; ) {
    const { data }: GraphqlAnswer<Page> = await query(
      `query ($before: String) { assistants(last: 10, before: $before, order: ASC) { nodes { assistantId } ${pageInfo} } }`,
      { before },
    );
    met.unshift(...(idsOf(data) ?? []));
    more = data?.assistants.pageInfo?.hasPreviousPage ?? false;
    before = data?.assistants.pageInfo?.startCursor ?? null;
  }
  expect(met).toEqual(listed(47).map(({ id }) => id));
});

test('`last` without `before` is the end of the list, in the requested order', async () => {
  const { query } = await startList(30);

  const newest = await query<Page>('{ assistants(last: 3, order: ASC) { nodes { assistantId } } }');
  const oldest = await query<Page>('{ assistants(last: 3, order: DESC) { nodes { assistantId } } }');
  expect(idsOf(newest.data)).toEqual(['a028', 'a029', 'a030']);
  expect(idsOf(oldest.data)).toEqual(['a003', 'a002', 'a001']);
});

describe('an argument error is returned for', () => {
  test.each([
    ['(first: -1)', '`first` must be 0 or more, got -1.'],
    ['(last: -7)', '`last` must be 0 or more, got -7.'],
    ['(first: 2, last: 2)', '`first` and `last` cannot be combined. Use one of them.'],
    ['(first: 1001)', '`first` must be 1000 or less, got 1001. Use `after` or `before` to read further pages.'],
    ['(last: 1001)', '`last` must be 1000 or less, got 1001. Use `after` or `before` to read further pages.'],
    ['(after: "a001")', /after: "a001" is not a cursor of this list/],
    ['(before: "")', /before: "" is not a cursor of this list/],
    ['(after: "🥨")', /after: "🥨" is not a cursor of this list/],
  ])('%s', async (args, message) => {
    const { query, upstream } = await startList(3);

    const result = await query(`{ assistants${args} { nodes { assistantId } } }`);
    expect(result).toMatchObject({
      data: { assistants: null },
      errors: [
        { message: expect.stringMatching(message), path: ['assistants'], extensions: { code: 'BAD_USER_INPUT' } },
      ],
    });
    expect(upstream.calls).toEqual([]);
  });

  test('more items than the configured maximum', async () => {
    const { query } = await startList(3, { maxPageItems: 50 });

    expect(await query('{ assistants(first: 51) { nodes { assistantId } } }')).toMatchObject({
      errors: [{ message: expect.stringContaining('must be 50 or less'), extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  test.each(['messages', 'runs'])('a cursor of the messages of one thread, at the %s of another', async (list) => {
    const { query } = await startFacade({
      'GET /threads/t1': { id: 't1' },
      'GET /threads/t2': { id: 't2' },
      'GET /threads/t1/messages': pageOf({ id: 'm1' }),
    });
    const { data } = await query<{ thread: { messages: { edges: { cursor: string }[] } } }>(
      '{ thread(threadId: "t1") { messages { edges { cursor } } } }',
    );
    const cursor = data?.thread.messages.edges[0]?.cursor;

    const elsewhere = `query ($cursor: String) { thread(threadId: "t2") { ${list}(after: $cursor) { edges { cursor } } } }`;
    expect(await query(elsewhere, { cursor })).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('is not a cursor of this list'),
          path: ['thread', list],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });
});

describe('pagination over servers that deviate from the contract:', () => {
  const page = '{ assistants(first: 150) { nodes { assistantId } pageInfo { hasNextPage } } }';

  test('one that omits has_more is read until a page is not full', async () => {
    const list = restList(listed(100));
    const { query, upstream } = await startFacade({
      'GET /assistants': (call) => ({ ...Object(list(call)), has_more: undefined }),
    });

    const { data } = await query<Page>(page);
    expect(idsOf(data)).toHaveLength(100);
    expect(data?.assistants.pageInfo).toEqual({ hasNextPage: false });
    expect(upstream.paths()).toEqual([
      'GET /assistants?limit=100&order=desc',
      'GET /assistants?limit=50&order=desc&after=a001',
    ]);
  });

  test('one that ignores `after` is an error, not an endless list', async () => {
    const { query, upstream } = await startFacade({
      'GET /assistants': { ...pageOf(...listed(100)), has_more: true },
    });

    expect(await query(page)).toMatchObject({
      data: { assistants: null },
      errors: [{ path: ['assistants'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }],
    });
    expect(upstream.calls).toHaveLength(2);
  });

  test('one that reports more items and then sends an empty page is at its end', async () => {
    const { query } = await startFacade({ 'GET /assistants': { data: [], has_more: true } });

    expect(await query(page)).toEqual({ data: { assistants: { nodes: [], pageInfo: { hasNextPage: false } } } });
  });

  test('one that returns fewer items than requested is asked for the rest', async () => {
    const list = restList(listed(30));
    const { query } = await startFacade({
      'GET /assistants': (call) => list({ ...call, query: { ...call.query, limit: '7' } }),
    });

    const { data } = await query<Page>('{ assistants(first: 25) { nodes { assistantId } } }');
    expect(idsOf(data)).toEqual(
      listed(30)
        .map(({ id }) => id)
        .toReversed()
        .slice(0, 25),
    );
  });

  test('one that fails on a later page fails the list and nothing else', async () => {
    const list = restList(listed(150));
    const { query } = await startFacade({
      'GET /assistants': (call) => (call.query['after'] ? refusal(500, 'Lost the thread.') : list(call)),
      'GET /threads/t1': { id: 't1', metadata: { a: 'b' } },
      'GET /threads/t1/runs': refusal(500, 'Lost the runs.'),
    });

    const result = await query('{ thread(threadId: "t1") { metadata runs { nodes { runId } } } }');
    expect(result).toMatchObject({
      data: { thread: { metadata: { a: 'b' }, runs: null } },
      errors: [{ message: 'Lost the runs.', path: ['thread', 'runs'] }],
    });
    expect(await query(page)).toMatchObject({
      data: { assistants: null },
      errors: [{ message: 'Lost the thread.', path: ['assistants'], extensions: { code: 'UPSTREAM_ERROR' } }],
    });
  });
});
