import { describe, expect, onTestFinished, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { startServer } from '../support/server.ts';
import { raw, refusal, reply, startUpstream } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { subscription } from './subscription.ts';

const RUN = 'GET /threads/thread_1/runs/run_1';

/** The three writes with waitSeconds, each with its REST call. */
const writes = [
  [
    'createRun',
    'POST /threads/thread_1/runs',
    'mutation ($seconds: Int) { write: createRun(input: { threadId: "thread_1", assistantId: "asst_1", waitSeconds: $seconds }) { run { status } } }',
  ],
  [
    'createThreadAndRun',
    'POST /threads/runs',
    'mutation ($seconds: Int) { write: createThreadAndRun(input: { assistantId: "asst_1", waitSeconds: $seconds }) { run { status } } }',
  ],
  [
    'submitToolOutputsToRun',
    'POST /threads/thread_1/runs/run_1/submit_tool_outputs',
    'mutation ($seconds: Int) { write: submitToolOutputsToRun(input: { threadId: "thread_1", runId: "run_1", toolOutputs: [{ toolCallId: "call_1", output: "" }], waitSeconds: $seconds }) { run { status } } }',
  ],
] as const;

const written = (status: string) => ({ data: { write: { run: { status } } } });
const inTurn =
  (...results: unknown[]) =>
  () =>
    results.length > 1 ? results.shift() : results[0];
const FAST = { pollMinMs: 10, pollMaxMs: 10 };
const BRIEF = { ...FAST, operationTimeoutMs: 500, maxRetries: 0 };

describe.each(writes)('%s', (_name, call, mutation) => {
  test('waitSeconds returns when the run has ended', async () => {
    const states = inTurn(run('queued'), run('in_progress'), run('in_progress'), run('failed'));
    const { query, upstream } = await startFacade({ [call]: run('queued'), [RUN]: states }, FAST);
    expect(await query(mutation, { seconds: 60 })).toEqual(written('FAILED'));
    expect(upstream.paths()).toEqual([call, RUN, RUN, RUN, RUN]);
  });

  test('waitSeconds returns when the run requires action', async () => {
    const states = inTurn(run('in_progress'), run('requires_action'));
    const { query } = await startFacade({ [call]: run('queued'), [RUN]: states }, FAST);
    expect(await query(mutation, { seconds: 60 })).toEqual(written('REQUIRES_ACTION'));
  });

  test('waitSeconds returns the current run without an error when the time is up', async () => {
    const { query } = await startFacade({ [call]: run('queued'), [RUN]: run('in_progress') }, FAST);
    expect(await query(mutation, { seconds: 1 })).toEqual(written('IN_PROGRESS'));
  });

  test('waitSeconds returns the run even if it cannot be polled', async () => {
    for (const failure of [
      refusal(404, 'Gone.'),
      refusal(500, 'Broken.'),
      raw((response) => void response.destroy()),
    ]) {
      const { query } = await startFacade({ [call]: run('queued'), [RUN]: () => failure }, BRIEF);
      expect(await query(mutation, { seconds: 60 })).toEqual(written('QUEUED'));
    }
  });

  test('a write without waitSeconds does not wait', async () => {
    const { query, upstream } = await startFacade({ [call]: run('queued') });
    for (const seconds of [0, null, undefined]) expect(await query(mutation, { seconds })).toEqual(written('QUEUED'));
    expect(upstream.paths()).toEqual([call, call, call]);
  });

  test('waitSeconds above 60 is an error before anything is sent', async () => {
    const { query, upstream } = await startFacade({});
    for (const seconds of [-1, 61, 1_000_000]) {
      expect(await query(mutation, { seconds })).toMatchObject({
        data: { write: null },
        errors: [
          {
            message: `\`waitSeconds\` must be 0 to 60, got ${seconds}.`,
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      });
    }
    expect(upstream.calls).toEqual([]);
  });
});

test('waitSeconds after a submit ignores the required action that was submitted', async () => {
  let state = run('requires_action');
  const [, submit, mutation] = writes[2];
  const { url, query, upstream } = await startFacade(
    {
      [submit]: () => {
        state = run('queued');
        return state;
      },
      [RUN]: () => {
        const now = state;
        if (state.status === 'queued') state = run('completed');
        return reply({
          json: now,
          headers: { 'openai-poll-after-ms': now.status === 'requires_action' ? '25000' : '10' },
        });
      },
    },
    FAST,
  );
  const follower = subscription('server-sent events', url, {
    query: 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }',
  });
  expect(await follower.next()).toMatchObject({ value: { data: { runUpdates: { status: 'REQUIRES_ACTION' } } } });
  expect(await query(mutation, { seconds: 60 })).toEqual(written('COMPLETED'));
  expect(upstream.paths()).toEqual([RUN, submit, RUN, RUN]);
  await follower.return();
});

test('a client that disconnects ends the polling of waitSeconds', async () => {
  const [, create, mutation] = writes[0];
  const upstream = await startUpstream({ [create]: run('queued'), [RUN]: run('in_progress') });
  const server = await startServer({ ASSISTANTS_BASE_URL: upstream.url, POLL_MIN_MS: '10', POLL_MAX_MS: '10' });
  onTestFinished(async () => {
    await server.stop();
    await upstream.close();
  });
  const leaving = new AbortController();
  const response = fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: mutation, variables: { seconds: 60 } }),
    signal: leaving.signal,
  });
  await expect.poll(() => upstream.calls.length).toBeGreaterThan(3);
  leaving.abort();
  await expect(response).rejects.toThrow('abort');
  await expect
    .poll(async () => {
      const before = upstream.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return upstream.calls.length - before;
    })
    .toBe(0);
});
