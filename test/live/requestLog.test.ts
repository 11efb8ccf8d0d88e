import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { resultsOf, subscription, transports } from './subscription.ts';

const query = `subscription Watching($run: ID!) {
  runUpdates(threadId: "thread_1", runId: $run) { status assistant { name } }
}`;

/** Runs by what their second read returns: the end, no change, or an error. */
const started = async () => {
  const readings = { ends: 0, fails: 0 };
  const { url, logged } = await startFacade(
    {
      'GET /threads/thread_1/runs/ends': () => run(++readings.ends === 1 ? 'queued' : 'completed'),
      'GET /threads/thread_1/runs/goes_on': () => run('in_progress'),
      'GET /threads/thread_1/runs/fails': () => (++readings.fails === 1 ? run('queued') : refusal(403, 'Not any more')),
      'GET /threads/thread_1/runs/missing': () => refusal(404, 'No run found'),
      'GET /assistants/asst_1': () => ({ id: 'asst_1', object: 'assistant', name: 'Baker' }),
    },
    { pollMinMs: 5, pollMaxMs: 5 },
  );
  const lines = () => logged.map((line): unknown => JSON.parse(line));
  return { url, lines };
};

const line = (fields: object) =>
  expect.objectContaining({ event: 'graphql', operation: 'Watching', ms: expect.any(Number), ...fields });

test.each(transports)(
  'a subscription over %s is logged when it has ended, with the calls of all its events',
  async (by) => {
    const { url, lines } = await started();

    await resultsOf(subscription(by, url, { query, variables: { run: 'ends' } }));
    await expect.poll(lines).toEqual([line({ upstreamCalls: 2, errors: 0, events: 2 })]);
  },
);

test.each(transports)('a subscription over %s is logged when its client leaves, and not earlier', async (by) => {
  const { url, lines } = await started();
  const results = subscription(by, url, { query, variables: { run: 'goes_on' } });

  await results.next();
  expect(lines()).toEqual([]);
  await results.return();
  await expect.poll(lines).toEqual([line({ upstreamCalls: 1, errors: 0, events: 1 })]);
});

test.each(transports)('a subscription over %s that fails at once or later is logged with its error', async (by) => {
  const { url, lines } = await started();

  await resultsOf(subscription(by, url, { query, variables: { run: 'missing' } }));
  await expect.poll(lines).toEqual([line({ errors: 1, events: 0 })]);

  await resultsOf(subscription(by, url, { query, variables: { run: 'fails' } })).catch(() => {});
  await expect.poll(lines).toEqual([expect.anything(), line({ errors: 1, events: 1 })]);
});
