import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { CircuitBreaker } from '../../src/rest/circuitBreaker.ts';
import { expect, test } from 'vitest';
import { assistant } from '../graph/fixtures.ts';
import { openStream, run } from '../live/eventStream.ts';
import { subscription, transports as streamTransports } from '../live/subscription.ts';
import { transports } from '../pipeline/transports.ts';
import { type FacadeOptions, startFacade } from '../support/facade.ts';
import { startServer } from '../support/server.ts';
import { raw, refusal } from '../support/upstream.ts';

const withMetrics = async (routes: Parameters<typeof startFacade>[0], options: FacadeOptions = {}) => {
  const facade = await startFacade(routes, { metrics: true, ...options });
  const read = (headers: Record<string, string> = {}) => httpGet(new URL('/metrics', facade.url), headers);
  /** The series of the server's own metrics, without buckets and sums of times, and without zeros. */
  const series = async () => {
    const { body } = await read();
    const lines = body
      .split('\n')
      .filter((line) => line.startsWith('assistants_graphql_') && !/_(bucket|sum)\{| 0$/.test(line));
    return lines.map((line) => line.replace('assistants_graphql_', ''));
  };
  return { ...facade, read, series };
};

/** By node:http, since fetch cannot choose the headers `Host` and `Origin`. */
const httpGet = async (url: URL, headers: Record<string, string>) => {
  const [response] = (await once(request(url, { headers }).end(), 'response')) as [IncomingMessage];
  return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) };
};

const one = 'query Watched { assistant(assistantId: "asst_1") { name } }';

test.each(transports)(
  'an operation by %s is counted by its name and code, with its REST calls by operation and status',
  async (_, send) => {
    const { url, series } = await withMetrics({ 'GET /assistants/asst_1': assistant });

    await send(url, { query: one });

    expect(await series()).toEqual([
      'operations_total{operation="Watched",kind="query",code="OK"} 1',
      'operation_duration_seconds_count{operation="Watched",kind="query"} 1',
      'rest_calls_total{operation="GET /assistants/{id}",status="200"} 1',
      'rest_call_duration_seconds_count{operation="GET /assistants/{id}"} 1',
    ]);
  },
);

test('failures are counted by their code, retries included, and rejected requests apart from operations', async () => {
  const { query, series } = await withMetrics({
    'GET /assistants/asst_1': refusal(429, 'Slow down'),
    'GET /threads/thread_1/runs/run_1': raw((response) => void response.destroy()),
  });

  await query(one);
  await query('query Other { run(threadId: "thread_1", runId: "run_1") { status } }');
  await query('{ wages }');

  expect(await series()).toEqual(
    expect.arrayContaining([
      'operations_total{operation="Watched",kind="query",code="RATE_LIMITED"} 1',
      'operations_total{operation="Other",kind="query",code="UPSTREAM_UNAVAILABLE"} 1',
      'rejections_total{code="BAD_USER_INPUT"} 1',
      'rest_calls_total{operation="GET /assistants/{id}",status="429"} 3',
      'rest_calls_total{operation="GET /threads/{id}/runs/{id}",status="unavailable"} 3',
    ]),
  );
});

test('reads that needed no REST call are counted', async () => {
  const { query, series } = await withMetrics({ 'GET /assistants/asst_1': assistant });

  await query('{ a: assistant(assistantId: "asst_1") { name } b: assistant(assistantId: "asst_1") { name } }');

  expect(await series()).toContain('rest_calls_saved_total{by="deduplicated"} 1');
});

test('names of operations after the first 100 are counted together, since clients choose them', async () => {
  const { query, series } = await withMetrics({});

  for (let count = 0; count < 120; count += 1) await query(`query Name${count} { __typename }`);

  const counted = (await series()).filter((line) => line.startsWith('operations_total'));
  expect(counted).toHaveLength(101);
  expect(counted).toContain('operations_total{operation="other",kind="query",code="OK"} 20');
});

test('REST calls that wait for a connection are shown', async () => {
  const { query, series, upstream } = await withMetrics(() => raw(() => {}), {
    maxConcurrentCalls: 1,
  });
  const queries = Promise.allSettled(
    ['a', 'b', 'c'].map((id) => query(`{ assistant(assistantId: "${id}") { name } }`)),
  );

  await expect.poll(series).toContain('rest_queue_depth 2');
  await expect.poll(series).toContain('operations_in_progress{kind="query"} 3');

  await upstream.close();
  await queries;
  expect(await series()).not.toContainEqual(expect.stringMatching(/^(rest_queue_depth|operations_in_progress)/));
});

test('the status of the circuit breaker is shown', async () => {
  const { query, series } = await withMetrics(() => refusal(503, 'Down.'), {
    maxRetries: 0,
    breaker: new CircuitBreaker({ maxFailures: 2, minFailingMs: 0, openMs: 60_000 }),
  });
  expect(await series()).toContain('circuit_breaker{status="closed"} 1');

  await query(one);
  await query(one);
  expect(await series()).toContain('circuit_breaker{status="open"} 1');
});

test.each(streamTransports)('subscriptions over %s are shown while they are open', async (by) => {
  const { url, series } = await withMetrics({ 'GET /threads/thread_1/runs/run_1': run('in_progress') });
  const results = subscription(by, url, {
    query: 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }',
  });
  await results.next();

  const open = ['operations_in_progress{kind="subscription"} 1', 'streams_open 1'];
  expect(await series()).toEqual(expect.arrayContaining(open));
  await results.return();
  await expect.poll(series).not.toEqual(expect.arrayContaining(open));
});

test('a streamed REST call is counted when it begins', async () => {
  const stream = openStream();
  const { url, series } = await withMetrics({
    'GET /threads/thread_1/runs/run_1': run('in_progress'),
    'GET /threads/thread_1/runs/run_1/events': stream.response,
  });
  const results = subscription('a WebSocket', url, {
    query: 'subscription { runEvents(threadId: "thread_1", runId: "run_1") { __typename } }',
  });
  const first = results.next();

  await expect
    .poll(series)
    .toContain('rest_calls_total{operation="GET /threads/{id}/runs/{id}/events",status="200"} 1');
  await results.return();
  await first;
});

test('runs of the embedded engine that have not ended are shown by status', async () => {
  const server = await startServer({ METRICS: 'on' });
  const post = async (path: string, body: object) =>
    (await server.rest(path, { method: 'POST', body: JSON.stringify(body) })).json();
  const { id } = await post('/assistants', {
    model: 'offline',
    tools: [{ type: 'function', function: { name: 'look' } }],
  });
  const start = (content: string) =>
    post('/threads/runs', { assistant_id: id, thread: { messages: [{ role: 'user', content }] } });
  await Promise.all([start('please look'), start('please look'), start('hello')]);

  const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
  await expect.poll(metrics).toContain('assistants_graphql_active_runs{status="requires_action"} 2\n');
  await expect.poll(metrics).not.toMatch(/active_runs\{status="(queued|in_progress|completed)"/);
  await server.stop();
});

test('the metrics have those of the process too, in the format of Prometheus', async () => {
  const { read } = await withMetrics({});
  const { status, type, body } = await read();
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(body).toMatch(/^nodejs_eventloop_lag_seconds [\d.e-]+$/m);
});

test.each([{ host: 'evil.example' }, { origin: 'https://evil.example' }])(
  'a foreign page with the headers %j cannot read them',
  async (headers) => {
    const { read } = await withMetrics({});
    const { status, body } = await read(headers);
    expect(status).toBe(403);
    expect(body).not.toContain('process_');
  },
);

test('by default there are no metrics, and the response says which setting serves them', async () => {
  const { url } = await startFacade({});
  const { status, body } = await httpGet(new URL('/metrics', url), {});
  expect(status).toBe(404);
  expect(body).toContain('METRICS=on');
});
