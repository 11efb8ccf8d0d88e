import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PollInterval } from '../../src/live/pollInterval.ts';
import { type StreamField, eventsIn } from '../live/events.ts';
import { DONE, frame, run, streamOf } from '../live/eventStream.ts';
import { resultsOf, subscription, transports } from '../live/subscription.ts';
import { startFacade } from '../support/facade.ts';
import { raw, refusal, reply, type UpstreamCall } from '../support/upstream.ts';

/**
 * How long the upstream fails, and how long followers put up with it, in milliseconds. A tenth of the real times: what counts is
 * that an outage is much longer than the backoff, and shorter than the limit. The default limit has a test with a fake clock.
 */
const OUTAGE_MS = 2_000;
const SETTINGS = {
  pollMinMs: 25,
  pollMaxMs: 500,
  pollOutageMs: 8_000,
  operationTimeoutMs: 6_000,
  timeoutMs: 300,
  maxRetries: 1,
};

const RUN = 'GET /threads/thread_1/runs/run_1';
const EVENTS = `${RUN}/events`;

const faults: (() => object)[] = [
  () => refusal(500, 'The server had an error.'),
  () => reply({ status: 502, body: '<h1>Bad gateway</h1>' }),
  () => refusal(503, 'Overloaded.'),
  () => reply({ status: 429, headers: { 'retry-after-ms': '20' } }),
  () => raw((response) => void response.socket?.resetAndDestroy()),
  () => raw(() => {}),
  () => reply({ body: '<h1>Maintenance</h1>' }),
  () => reply({ body: '{"id": "run_1", "obj' }),
];

/** Serves `routes`, but fails in every way for a while, from the call on that `beginsAt` accepts. */
const breakingDown = (routes: Record<string, () => unknown>, beginsAt: (call: UpstreamCall) => boolean) => {
  let until: number | undefined;
  let failures = 0;
  return (call: UpstreamCall) => {
    const route = routes[`${call.method} ${call.path}`];
    if (until === undefined && beginsAt(call)) {
      until = performance.now() + OUTAGE_MS;
      return route?.();
    }
    if (until === undefined || performance.now() > until) return route?.();
    failures += 1;
    return faults[failures % faults.length]?.();
  };
};

const numbered = (id: number, status: string) => frame(`thread.run.${status}`, run(status), id);

const isBroken = (method: string, ending: string) => (call: UpstreamCall) =>
  call.method === method && call.path.endsWith(ending);

describe('followers outlive an upstream that fails in every way for a while', () => {
  test.each(transports)('runUpdates over %s', async (transport) => {
    let reads = 0;
    const states = ['queued', 'in_progress', 'completed'] as const;
    const { url } = await startFacade(
      breakingDown({ [RUN]: () => run(states[reads++] ?? 'completed') }, isBroken('GET', '/runs/run_1')),
      SETTINGS,
    );
    const query = 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }';
    expect(await resultsOf(subscription(transport, url, { query }))).toEqual(
      ['QUEUED', 'IN_PROGRESS', 'COMPLETED'].map((status) => ({ data: { runUpdates: { status } } })),
    );
  });

  test.each(transports)('runEvents over %s, each event once', async (transport) => {
    const life = [numbered(1, 'queued'), numbered(2, 'in_progress'), numbered(3, 'completed'), DONE];
    let streams = 0;
    const { url, upstream } = await startFacade(
      breakingDown(
        { [EVENTS]: () => (streams++ === 0 ? streamOf(...life.slice(0, 2)) : streamOf(...life.slice(2))) },
        isBroken('GET', '/events'),
      ),
      SETTINGS,
    );
    const query = 'subscription { runEvents(threadId: "thread_1", runId: "run_1") { event sequence } }';
    const events = eventsIn(await resultsOf(subscription<StreamField>(transport, url, { query })));

    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const [first, ...later] = upstream.calls.map(({ query: { after } }) => after);
    expect(first).toBe('0');
    expect(new Set(later)).toEqual(new Set(['2']));
  });

  test('runEvents by reading', async () => {
    let reads = 0;
    const states = ['queued', 'in_progress', 'completed'] as const;
    const { url } = await startFacade(
      breakingDown(
        {
          [EVENTS]: () => refusal(404, 'Invalid URL'),
          [RUN]: () => run(states[reads++] ?? 'completed'),
          [`${RUN}/steps`]: () => ({ data: [], has_more: false }),
        },
        isBroken('GET', '/steps'),
      ),
      SETTINGS,
    );
    const query = 'subscription { runEvents(threadId: "thread_1", runId: "run_1") { event } }';
    const events = eventsIn(await resultsOf(subscription<StreamField>('server-sent events', url, { query })));

    expect(events.at(0)?.event).toBe('thread.run.queued');
    expect(events.at(-1)?.event).toBe('thread.run.completed');
  });

  test('waitSeconds', async () => {
    const { query, upstream } = await startFacade(
      breakingDown(
        { 'POST /threads/thread_1/runs': () => run('queued'), [RUN]: () => run('completed') },
        isBroken('POST', '/runs'),
      ),
      SETTINGS,
    );
    const result = await query(
      `mutation { createRun(input: { threadId: "thread_1", assistantId: "asst_1", waitSeconds: 30 }) { run { status } } }`,
    );

    expect(result).toEqual({ data: { createRun: { run: { status: 'COMPLETED' } } } });
    expect(upstream.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test.each(['WAIT', 'CANCEL'])('onActiveRun: %s', async (policy) => {
    let creations = 0;
    const { query, upstream } = await startFacade(
      breakingDown(
        {
          'POST /threads/thread_1/runs': () =>
            creations++ === 0 ? refusal(400, 'Thread thread_1 already has an active run run_1.') : run('queued'),
          [RUN]: () => run('cancelled'),
          'POST /threads/thread_1/runs/run_1/cancel': () => run('cancelling'),
        },
        isBroken('POST', '/runs'),
      ),
      SETTINGS,
    );
    const result = await query(
      `mutation { createRun(input: { threadId: "thread_1", assistantId: "asst_1", onActiveRun: ${policy} }) { run { status } } }`,
    );

    expect(result).toEqual({ data: { createRun: { run: { status: 'QUEUED' } } } });
    expect(upstream.calls.filter(({ path, method }) => method === 'POST' && path.endsWith('/runs'))).toHaveLength(2);
  });
});

test('a list of steps that repeats its first page is an error, and is not read for ever', async () => {
  const step = { id: 'step_1', run_id: 'run_1', thread_id: 'thread_1', status: 'in_progress' };
  const { url, upstream } = await startFacade(
    {
      [EVENTS]: refusal(404, 'Invalid URL'),
      [RUN]: run('in_progress'),
      [`${RUN}/steps`]: { data: [step, step], has_more: true },
    },
    { ...SETTINGS, operationTimeoutMs: 100 },
  );
  const query = 'subscription { runEvents(threadId: "thread_1", runId: "run_1") { event } }';

  expect(await resultsOf(subscription('server-sent events', url, { query }))).toMatchObject([
    {
      errors: [
        {
          message: expect.stringContaining('repeats the steps up to step_1: it ignores `after`'),
          extensions: { code: 'UPSTREAM_INVALID_RESPONSE' },
        },
      ],
    },
  ]);
  expect(upstream.calls.length).toBeLessThan(50);
});

/** How long the interval lets reads fail, in milliseconds. */
const outlived = (interval: PollInterval) => {
  let totalMs = 0;
  for (let delayMs = interval.afterFailure(null); delayMs !== null; delayMs = interval.afterFailure(null)) {
    vi.advanceTimersByTime(delayMs + 1);
    totalMs += delayMs;
  }
  return totalMs;
};

describe('by default', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('a follower continues for two minutes of failures after a read, and for one before the first read', () => {
    const limits = { pollMinMs: 250, pollMaxMs: 5_000, pollOutageMs: 120_000, operationTimeoutMs: 60_000 };
    const read = new PollInterval(limits);
    read.afterRead(true, null);

    expect(outlived(read)).toBeGreaterThan(119_000);
    expect(outlived(new PollInterval(limits))).toBeGreaterThan(59_000);
  });
});
