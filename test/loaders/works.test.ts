import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { assistantsOf, range, restRoutes, threadOf } from './restModel.ts';

// The four queries of the benchmark, with the calls and the round trips that they may cost.

const account = {
  assistants: assistantsOf(100),
  threads: { t: threadOf('t', { messages: 100, runs: 20, steps: 3, assistants: 10 }) },
};

const stats = { 'x-upstream-stats': '1' };

test('a thread with 20 runs, their steps and assistants, and 100 messages with theirs costs 24 calls in 2 round trips', async () => {
  const { query, upstream } = await startFacade(restRoutes(account));
  const response = await query(
    `{ thread(threadId: "t") {
      id metadata
      runs(first: 20) { nodes { id status model usage { totalTokens } assistant { name model }
        steps { nodes { id type status } } } }
      messages(first: 100) { nodes { id role text assistant { name } } }
    } }`,
    {},
    stats,
  );

  expect(response.errors).toBeUndefined();
  expect(upstream.paths().toSorted()).toEqual(
    [
      'GET /assistants?limit=100&order=desc',
      'GET /threads/t',
      'GET /threads/t/messages?limit=100&order=desc',
      'GET /threads/t/runs?limit=20&order=desc',
      ...range(20).map((n) => `GET /threads/t/runs/run_t_${n}/steps?limit=20&order=desc`),
    ].toSorted(),
  );
  expect(response).toMatchObject({ extensions: { upstream: { calls: 24, roundTrips: 2, coalesced: 10 } } });
});

test('one assistant costs one call', async () => {
  const { query, upstream } = await startFacade(restRoutes(account));
  const response = await query(
    '{ assistant(assistantId: "asst_7") { id name description model instructions } }',
    {},
    stats,
  );

  expect(upstream.paths()).toEqual(['GET /assistants/asst_7']);
  expect(response).toEqual({
    data: { assistant: expect.objectContaining({ name: 'Assistant 7' }) },
    extensions: { upstream: { calls: 1, roundTrips: 1, coalesced: 0, deduplicated: 0 } },
  });
});

test('50 messages of one thread by their ids, as aliases, cost one call', async () => {
  const { query, upstream } = await startFacade(restRoutes(account));
  const response = await query<Record<string, { text: string }>>(
    `{ ${range(50)
      .map((n) => `m${n}: message(threadId: "t", messageId: "msg_t_${2 * n}") { id role status text }`)
      .join(' ')} }`,
    {},
    stats,
  );

  expect(upstream.paths()).toEqual(['GET /threads/t/messages?limit=100&order=desc']);
  expect(range(50).map((n) => response.data?.[`m${n}`]?.text)).toEqual(range(50).map((n) => `text ${2 * n}`));
  expect(response).toMatchObject({
    extensions: { upstream: { calls: 1, roundTrips: 1, coalesced: 50, deduplicated: 0 } },
  });
});

test('100 assistants cost one call', async () => {
  const { query, upstream } = await startFacade(restRoutes(account));
  const response = await query('{ assistants(first: 100) { nodes { id name tools { type } metadata } } }', {}, stats);

  expect(upstream.paths()).toEqual(['GET /assistants?limit=100&order=desc']);
  expect(response).toMatchObject({
    extensions: { upstream: { calls: 1, roundTrips: 1, coalesced: 0, deduplicated: 0 } },
  });
});
