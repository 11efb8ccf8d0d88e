import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { assistantsOf, range, restRoutes, threadOf } from './restModel.ts';

const account = {
  assistants: assistantsOf(30),
  threads: {
    small: threadOf('small', { messages: 12, runs: 3, steps: 2 }),
    usual: threadOf('usual', { messages: 90, runs: 10, steps: 3, assistants: 10 }),
    large: threadOf('large', { messages: 1000, runs: 12, steps: 1 }),
    busy: threadOf('busy', { messages: 0, runs: 200, steps: 2, assistants: 20 }),
  },
};

const upstreamStats = { 'x-upstream-stats': 'yes' };

/** Sends a query, and returns its cost too. */
const ask = async (document: string) => {
  const { query, upstream } = await startFacade(restRoutes(account));
  const { data, errors, extensions } = await query(document, {}, upstreamStats);
  expect(errors).toBeUndefined();
  return { data, paths: upstream.paths(), cost: extensions?.['upstream'] };
};

const texts = (from: number, count: number) => range(count).map((n) => ({ text: `text ${from - n}` }));

describe('windows of one list', () => {
  test('windows of a list with the same start share one call', async () => {
    const { data, paths } = await ask(`{ thread(threadId: "usual") {
      few: messages(first: 2) { nodes { text } pageInfo { hasNextPage } }
      more: messages(first: 50) { nodes { text } pageInfo { hasNextPage } }
      few2: messages(first: 2) { pageInfo { hasNextPage } }
    } }`);

    expect(paths).toEqual(['GET /threads/usual/messages?limit=50&order=desc']);
    expect(data).toEqual({
      thread: {
        few: { nodes: texts(89, 2), pageInfo: { hasNextPage: true } },
        more: { nodes: texts(89, 50), pageInfo: { hasNextPage: true } },
        few2: { pageInfo: { hasNextPage: true } },
      },
    });
  });

  test('windows of a list with the same start cost as many calls as the longest of them', async () => {
    const { paths } = await ask(`{ thread(threadId: "large") {
      few: messages(first: 120) { nodes { text } }
      more: messages(first: 250) { nodes { text } }
    } }`);

    expect(paths).toEqual([
      'GET /threads/large/messages?limit=100&order=desc',
      'GET /threads/large/messages?limit=100&order=desc&after=msg_large_900',
      'GET /threads/large/messages?limit=50&order=desc&after=msg_large_800',
    ]);
  });

  test('windows from both ends of a list are two calls', async () => {
    const { paths } = await ask(`{ thread(threadId: "usual") {
      newest: messages(first: 2) { nodes { text } }
      oldest: messages(last: 2) { nodes { text } }
    } }`);

    expect(paths.toSorted()).toEqual([
      'GET /threads/usual/messages?limit=2&order=asc',
      'GET /threads/usual/messages?limit=2&order=desc',
    ]);
  });

  test('an empty window costs no call, and so does not check that the parent exists', async () => {
    const { data, paths } = await ask(`{
      usual: thread(threadId: "usual") { messages(first: 0) { nodes { text } } }
      none: thread(threadId: "none") { messages(first: 0) { nodes { text } } }
    }`);

    expect(paths.toSorted()).toEqual(['GET /threads/none', 'GET /threads/usual']);
    expect(data).toEqual({ usual: { messages: { nodes: [] } }, none: null });
  });

  test('windows of a list that is known completely cost no call, from either end and in any order', async () => {
    const { data, paths } = await ask(`{ thread(threadId: "small") {
      messages(first: 20) { nodes { thread {
        createdAt
        oldest: messages(last: 1) { nodes { text } pageInfo { hasPreviousPage } }
        ascending: messages(first: 1, order: ASC) { nodes { text } pageInfo { hasNextPage } }
      } } }
    } }`);

    expect(paths.toSorted()).toEqual(['GET /threads/small', 'GET /threads/small/messages?limit=20&order=desc']);
    expect(data).toMatchObject({
      thread: {
        messages: {
          nodes: range(12).map(() => ({
            thread: {
              oldest: { nodes: texts(0, 1), pageInfo: { hasPreviousPage: true } },
              ascending: { nodes: texts(0, 1), pageInfo: { hasNextPage: true } },
            },
          })),
        },
      },
    });
  });
});

describe('the messages of a run', () => {
  test('the messages of a run are requested with `run_id`', async () => {
    const { paths } = await ask('{ run(threadId: "usual", runId: "run_usual_1") { messages { nodes { text } } } }');

    expect(paths.toSorted()).toEqual([
      'GET /threads/usual/messages?limit=20&order=desc&run_id=run_usual_1',
      'GET /threads/usual/runs/run_usual_1',
    ]);
  });

  test('the messages of a run are selected from those of the thread if these are read completely anyway', async () => {
    const { data, paths, cost } = await ask(`{ thread(threadId: "usual") {
      messages(first: 100) { nodes { id } }
      runs(first: 2) { nodes { messages(first: 3) { nodes { text } } } }
    } }`);

    expect(paths.toSorted()).toEqual([
      'GET /threads/usual/messages?limit=100&order=desc',
      'GET /threads/usual/runs?limit=2&order=desc',
    ]);
    expect(cost).toMatchObject({ calls: 2, roundTrips: 1, coalesced: 0 });
    expect(data).toMatchObject({
      thread: {
        runs: {
          nodes: [
            { messages: { nodes: [{ text: 'text 79' }, { text: 'text 59' }, { text: 'text 39' }] } },
            { messages: { nodes: [{ text: 'text 77' }, { text: 'text 57' }, { text: 'text 37' }] } },
          ],
        },
      },
    });
  });

  test('the messages of many runs are selected from one page if all messages of the thread fit into it', async () => {
    const { paths, cost } = await ask(
      '{ thread(threadId: "usual") { runs(first: 10) { nodes { messages(first: 3) { nodes { text } } } } } }',
    );

    expect(paths.toSorted()).toEqual([
      'GET /threads/usual/messages?limit=100&order=desc',
      'GET /threads/usual/runs?limit=10&order=desc',
    ]);
    expect(cost).toMatchObject({ calls: 2, roundTrips: 2, coalesced: 10 });
  });

  test('the messages of a run are filtered upstream if the server omits `run_id`', async () => {
    const { query, upstream } = await startFacade({
      'GET /threads/t1/runs': { data: [{ id: 'r1', assistant_id: 'a1' }], has_more: false },
      'GET /threads/t1/messages': ({ query: { run_id: runId } }) => ({
        data: runId === undefined ? [{ id: 'm1' }, { id: 'm2' }] : [{ id: 'm2' }],
        has_more: false,
      }),
    });

    expect(
      await query(`{ thread(threadId: "t1") {
        messages { nodes { messageId } }
        runs { nodes { messages { nodes { messageId } } } }
      } }`),
    ).toMatchObject({ data: { thread: { runs: { nodes: [{ messages: { nodes: [{ messageId: 'm2' }] } }] } } } });
    expect(upstream.paths()).toContain('GET /threads/t1/messages?limit=20&order=desc&run_id=r1');
  });
});

describe('the number of REST calls', () => {
  test('1,000 messages cost ten calls', async () => {
    const { paths, cost } = await ask('{ thread(threadId: "large") { messages(first: 1000) { nodes { id text } } } }');

    expect(paths).toHaveLength(10);
    expect(cost).toMatchObject({ calls: 10, roundTrips: 10 });
  });

  test('the steps of 200 runs are read in one round trip', async () => {
    const { paths, cost } = await ask(`{ thread(threadId: "busy") {
      runs(first: 200) { nodes { assistant { name } steps(first: 5) { nodes { id status assistant { model } } } } }
    } }`);

    // Two pages of runs, the steps of each, and one page of assistants.
    expect(paths).toHaveLength(2 + 200 + 1);
    expect(cost).toMatchObject({ roundTrips: 3 });
  });
});
