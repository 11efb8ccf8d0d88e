import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';

const thread = { id: 'thread_1' };
const run = { id: 'run_1', thread_id: 'thread_1' };
const parents = { 'GET /threads/thread_1': thread, 'GET /threads/thread_1/runs/run_1': run };

/** The four lists: their path, and a query for `first` of their items. */
const lists: [path: string, query: (first: number) => string][] = [
  ['/assistants', (first) => `{ list: assistants(first: ${first}) { nodes { id } } }`],
  [
    '/threads/thread_1/messages',
    (first) => `{ thread(threadId: "thread_1") { list: messages(first: ${first}) { nodes { id } } } }`,
  ],
  [
    '/threads/thread_1/runs',
    (first) => `{ thread(threadId: "thread_1") { list: runs(first: ${first}) { nodes { id } } } }`,
  ],
  [
    '/threads/thread_1/runs/run_1/steps',
    (first) => `{ run(threadId: "thread_1", runId: "run_1") { list: steps(first: ${first}) { nodes { id } } } }`,
  ],
];

const itemsOf = (ids: number[]) =>
  ids.map((id) => ({ id: `item_${id}`, thread_id: 'thread_1', run_id: 'run_1', assistant_id: 'asst_1' }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.each(lists)('the list %s', (path, queryFor) => {
  test('has an object once that a page holds twice', async () => {
    const { query, upstream } = await startFacade({
      ...parents,
      [`GET ${path}`]: { data: itemsOf([1, 2, 1, 2, 3]), has_more: false },
    });
    const { data, errors } = await query(queryFor(20));

    expect(errors).toBeUndefined();
    expect(JSON.stringify(data).match(/"id":/g)).toHaveLength(3);
    expect(upstream.paths().filter((line) => line.includes(`${path}?`))).toHaveLength(1);
  });

  test('is an error if the same page is returned for ever, after two REST calls', async () => {
    const { query, upstream } = await startFacade({
      ...parents,
      [`GET ${path}`]: { data: itemsOf(upTo(100)), has_more: true },
    });
    const { errors } = await query(queryFor(900));

    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['UPSTREAM_INVALID_RESPONSE']);
    expect(upstream.paths().filter((line) => line.includes(`${path}?`))).toHaveLength(2);
  });

  test('ends at the size that was requested if there is always another page', async () => {
    let pages = 0;
    const { query, upstream } = await startFacade({
      ...parents,
      [`GET ${path}`]: () => ({ data: itemsOf(upTo(100).map((id) => 100 * pages + id)), has_more: ++pages > 0 }),
    });
    const { data, errors } = await query(queryFor(250));

    expect(errors).toBeUndefined();
    expect(JSON.stringify(data).match(/"id":/g)).toHaveLength(250);
    expect(upstream.paths().filter((line) => line.includes(`${path}?`))).toHaveLength(3);
  });
});
