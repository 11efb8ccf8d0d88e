import { expect, test } from 'vitest';
import { assistant, run } from '../graph/fixtures.ts';
import { startFacade } from '../support/facade.ts';
import { runServer, startServer } from '../support/server.ts';
import { refusal, startUpstream } from '../support/upstream.ts';
import { type CollectedSpan, startCollector } from './collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${PARENT}-01`;

/** Each span by its name, below the name of its parent. */
const tree = (spans: readonly CollectedSpan[]) =>
  spans
    .map(({ name, parentSpanId }) => {
      const parent = spans.find(({ spanId }) => spanId === parentSpanId)?.name ?? parentSpanId ?? 'none';
      return `${parent} > ${name}`;
    })
    .toSorted();

test('the spans of an operation, its batch and its REST calls are children of the client, and the upstream gets the id of each', async () => {
  const collector = await startCollector();
  const upstream = await startUpstream({
    'GET /threads/thread_1/runs/run_1': { ...run, id: 'run_1', thread_id: 'thread_1', assistant_id: 'asst_1' },
    'GET /assistants/asst_1': assistant,
  });
  const server = await startServer({
    ASSISTANTS_BASE_URL: upstream.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of-the-collector',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  const query = 'query Watched { run(threadId: "thread_1", runId: "run_1") { assistant { name } } }';

  await server.graphql(query, {}, { traceparent, 'x-request-id': 'mine' });
  expect(await server.stop()).toBe(0);

  const spans = collector.spans();
  expect(tree(spans)).toEqual([
    `${PARENT} > query Watched`,
    'batch assistant > GET /assistants/{id}',
    'batch run > GET /threads/{id}/runs/{id}',
    'query Watched > batch assistant',
    'query Watched > batch run',
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  const calls = spans.filter(({ name }) => name.startsWith('GET'));
  expect(new Set(upstream.calls.map(({ headers }) => headers['traceparent']))).toEqual(
    new Set(calls.map(({ spanId }) => `00-${TRACE}-${spanId}-01`)),
  );
  expect(spans.find(({ name }) => name === 'query Watched')?.attributes).toMatchObject({ 'request.id': 'mine' });
  expect(calls[0]?.attributes).toMatchObject({ 'http.request.method': 'GET', 'http.response.status_code': 200 });
  expect(collector.resources()[0]).toMatchObject({
    'service.name': 'assistants-graphql',
    'deployment.environment.name': 'test',
  });
  expect(collector.headers[0]?.['x-key']).toBe('of-the-collector');
  await upstream.close();
});

test('a run of the embedded engine is a child of the REST call that created it, and no span has what clients wrote', async () => {
  const collector = await startCollector();
  const server = await startServer({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const words = 'the-words-of-a-message-8d1f';
  const created = await server.graphql<{ createAssistant: { assistant: { assistantId: string } } }>(
    'mutation { createAssistant(input: { model: "offline" }) { assistant { assistantId } } }',
  );
  const assistantId = created.data?.createAssistant.assistant.assistantId;
  const started = await server.graphql<{ createThreadAndRun: { run: { runId: string; threadId: string } } }>(
    `mutation Starts($id: ID!, $text: String!) {
      createThreadAndRun(input: { assistantId: $id, thread: { messages: [{ role: USER, content: { text: $text } }] } }) { run { runId threadId } }
    }`,
    { id: assistantId, text: words },
    { traceparent, authorization: 'Bearer token-of-the-client-19ab' },
  );
  expect(started.errors).toBeUndefined();
  const { runId, threadId } = started.data?.createThreadAndRun.run ?? {};
  const status = async () => (await (await server.rest(`/threads/${threadId}/runs/${runId}`)).json()).status;
  await expect.poll(status).toBe('completed');
  await server.stop();

  const ofClient = collector.spans().filter(({ traceId }) => traceId === TRACE);
  expect(tree(ofClient)).toEqual(
    expect.arrayContaining([
      `${PARENT} > mutation Starts`,
      'POST /threads/runs > run',
      'mutation Starts > POST /threads/runs',
    ]),
  );
  expect(ofClient.find(({ name }) => name === 'run')?.attributes).toMatchObject({
    'run.id': runId,
    'run.status': 'completed',
  });
  for (const text of [words, 'token-of-the-client']) expect(collector.raw()).not.toContain(text);
});

test('a span of what failed has the code of the error, and not its message', async () => {
  const collector = await startCollector();
  const upstream = await startUpstream({ 'GET /assistants/asst_1': refusal(429, 'Slow down, words of the upstream') });
  const server = await startServer({
    ASSISTANTS_BASE_URL: upstream.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });

  await server.graphql('query Fails { assistant(assistantId: "asst_1") { name } }');
  await server.stop();

  const failed = collector.spans().filter(({ status }) => status.code === 2);
  expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual(
    expect.arrayContaining([
      ['GET /assistants/{id}', '429'],
      ['query Fails', 'RATE_LIMITED'],
    ]),
  );
  expect(collector.raw()).not.toContain('words of the upstream');
  await upstream.close();
});

test('a collector that nobody runs is reported in the log, and holds up neither requests nor the stop', async () => {
  const server = await startServer({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000', // for the retries together
  });

  expect(await server.graphql('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  await expect.poll(server.output, { timeout: 15_000 }).toMatch(/"event":"tracing","message":".*ECONNREFUSED/);
  expect(await server.stop()).toBe(0);
});

test('without tracing, a valid trace of the client goes upstream as it came, and an invalid one does not', async () => {
  const { query, upstream } = await startFacade({ 'GET /assistants/asst_1': assistant });
  const read = (headers: Record<string, string>) => query('{ assistant(assistantId: "asst_1") { name } }', {}, headers);

  await read({ traceparent, tracestate: 'vendor=1' });
  await read({ traceparent: traceparent.replace(TRACE, '0'.repeat(32)), tracestate: 'vendor=1' });
  await read({});

  const sent = upstream.calls.map(({ headers: { traceparent: parent, tracestate } }) => [parent, tracestate]);
  expect(sent).toEqual([
    [traceparent, 'vendor=1'],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test('a collector that is no URL is one clear line and exit code 1', async () => {
  const { code, stderr } = await runServer({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL .*\n$/);
});
