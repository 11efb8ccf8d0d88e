import { expect, test } from 'vitest';
import { message, pageOf } from '../graph/fixtures.ts';
import { startFacade } from '../support/facade.ts';
import { reply } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { resultsOf, subscription, transports } from './subscription.ts';

const MiB = 1024 * 1024;
const PAGE = 20;

/** Each message has 100,000 characters, so that a few hundred bytes of a document select any number of megabytes. */
const routes = {
  'GET /threads/thread_1/runs/run_1': reply({ json: run('completed') }),
  'GET /threads/thread_1': reply({ json: { id: 'thread_1', object: 'thread', created_at: 1, metadata: {} } }),
  'GET /threads/thread_1/messages': reply({
    json: pageOf(
      ...Array.from({ length: PAGE }, (_, index) => ({
        ...message,
        id: `msg_${index}`,
        content: [{ type: 'text', text: { value: 'é'.repeat(50_000), annotations: [] } }],
      })),
    ),
  }),
};

const selecting = (texts: number) => {
  const nodes = Array.from({ length: texts }, (_, index) => `t${index}: text`).join(' ');
  return `subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status thread { messages(first: ${PAGE}) { nodes { ${nodes} } } } } }`;
};

test.each(transports)(
  'by %s, a subscription ends with an error if an event has more bytes than a result may have',
  async (transport) => {
    const { url } = await startFacade(routes, { maxResponseBytes: 4 * MiB, maxPageItems: 100 });
    const results = await resultsOf(subscription(transport, url, { query: selecting(40) }));
    expect(results).toEqual([
      {
        data: null,
        errors: [
          expect.objectContaining({ extensions: { code: 'OPERATION_TOO_COSTLY', limit: 4 * MiB, unit: 'bytes' } }),
        ],
      },
    ]);
  },
);

test.each(transports)('by %s, an event that is just small enough is delivered whole', async (transport) => {
  const { url } = await startFacade(routes, { maxResponseBytes: 4 * MiB, maxPageItems: 100 });
  const [result, ...more] = await resultsOf<{ runUpdates: { thread: { messages: { nodes: { t0: string }[] } } } }>(
    subscription(transport, url, { query: selecting(1) }),
  );
  expect(more).toEqual([]);
  expect(result?.errors).toBeUndefined();
  expect(result?.data?.runUpdates.thread.messages.nodes.map(({ t0 }) => t0.length)).toEqual(Array(PAGE).fill(50_000));
});

test.each(transports)('by %s, an event has at most 8 MiB, however large a result may be', async (transport) => {
  const { url } = await startFacade(routes, { maxResponseBytes: 64 * MiB, maxPageItems: 100 });
  const results = await resultsOf(subscription(transport, url, { query: selecting(6) }));
  expect(results).toMatchObject([
    { data: null, errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY', limit: 8 * MiB, unit: 'bytes' } }] },
  ]);
});
