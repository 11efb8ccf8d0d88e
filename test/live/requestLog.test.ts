import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { answersOf, subscription, transports } from './subscription.ts';

const query = `subscription Watching($run: ID!) {
  runUpdates(threadId: "thread_1", runId: $run) { status assistant { name } }
}`;

/** A run that ends at its second reading, one that never does, and one that fails then. */
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

const line = (told: object) =>
  expect.objectContaining({ event: 'graphql', operation: 'Watching', ms: expect.any(Number), ...told });

test.each(transports)(
  'a subscription over %s is logged once it has ended, with what all its events cost',
  async (by) => {
    const { url, lines } = await started();

    await answersOf(subscription(by, url, { query, variables: { run: 'ends' } }));
    await expect.poll(lines).toEqual([line({ upstreamCalls: 2, errors: 0, events: 2 })]);
  },
);

test.each(transports)('a subscription over %s is logged when its client leaves, and not before', async (by) => {
  const { url, lines } = await started();
  const answers = subscription(by, url, { query, variables: { run: 'goes_on' } });

  await answers.next();
  expect(lines()).toEqual([]);
  await answers.return();
  await expect.poll(lines).toEqual([line({ upstreamCalls: 1, errors: 0, events: 1 })]);
});

test.each(transports)(
  'a subscription over %s that is refused, or fails later, is logged with its error',
  async (by) => {
    const { url, lines } = await started();

    await answersOf(subscription(by, url, { query, variables: { run: 'missing' } }));
    await expect.poll(lines).toEqual([line({ errors: 1, events: 0 })]);

    await answersOf(subscription(by, url, { query, variables: { run: 'fails' } })).catch(() => {});
    await expect.poll(lines).toEqual([expect.anything(), line({ errors: 1, events: 1 })]);
  },
);
