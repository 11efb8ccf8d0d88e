import { expect, onTestFinished, test, vi } from 'vitest';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, functionTool, startClient } from './client.ts';

// Time is moved rather than waited for, so that a slow machine sees the same.

const letSecondsPass = (seconds: number) => {
  vi.setSystemTime(Date.now() + seconds * 1000);
  onTestFinished(() => {
    vi.useRealTimers();
  });
};

/** A sweeper that is always there, and one that never comes by. */
const [always, never] = [20, 1_000_000];

const waitingRun = async (sweepIntervalMs: number, runLifetimeSeconds?: number) => {
  const client = await startClient({ sweepIntervalMs, runLifetimeSeconds });
  const assistant = await client.assistant({ tools: [functionTool('f')] });
  const run = await client.until(await client.start(assistant, 'f'), 'requires_action');
  return { client, assistant, run, path: `/threads/${run.thread_id}/runs/${run.id}` };
};

test('a run whose tool outputs are never submitted expires and unlocks its thread', async () => {
  const { client, run, path } = await waitingRun(always);
  letSecondsPass(590);
  expect((await client.run(run)).status).toBe('requires_action');
  const events = client.events('GET', `${path}/events`);
  letSecondsPass(11);
  expect((await events).slice(-3).map(({ event }) => event)).toEqual([
    'thread.run.step.expired',
    'thread.run.expired',
    'done',
  ]);
  expect(await client.run(run)).toMatchObject({
    status: 'expired',
    expires_at: null,
    required_action: null,
    completed_at: null,
    usage: { total_tokens: expect.any(Number) },
  });
  expect((await client.steps(run)).data).toMatchObject([{ status: 'expired', expired_at: expect.any(Number) }]);
  await client.post(`/threads/${run.thread_id}/messages`, { role: 'user', content: 'The thread is free.' });
});

test('the lifetime of runs is configurable', async () => {
  const { client, run } = await waitingRun(always, 30);
  expect(run.expires_at).toBe(run.created_at + 30);
  letSecondsPass(31);
  expect((await client.until(run, 'expired')).status).toBe('expired');
});

test('a model that takes too long is stopped when its run expires', async () => {
  const client = await startClient({ sweepIntervalMs: always });
  const run = await client.start(await client.assistant(), 'take 10 seconds over these many words');
  await expect.poll(async () => (await client.steps(run)).data.length, { timeout: 10_000 }).toBe(1);
  letSecondsPass(601);
  await client.until(run, 'expired');
  expect((await client.messages(run.thread_id, `run_id=${run.id}`)).data).toMatchObject([
    { status: 'incomplete', incomplete_details: { reason: 'run_expired' } },
  ]);
});

test('an overdue run is expired when it is read, even before a sweep', async () => {
  const { client, run, path } = await waitingRun(never);
  letSecondsPass(601);
  const { data } = await client.get<RestPage<RestRun>>(`/threads/${run.thread_id}/runs`);
  expect(data.map(({ status }) => status)).toEqual(['expired']);
  expect((await client.run(run)).status).toBe('expired');
  expect(await client.errorOf('POST', `${path}/cancel`)).toMatchObject({
    message: "Cannot cancel run with status 'expired'.",
  });
});

test('submitting tool outputs to an expired run is a 400', async () => {
  const { client, run, path } = await waitingRun(never);
  const outputs = callsOf(run).map(({ id }) => ({ tool_call_id: id, output: '1' }));
  letSecondsPass(601);
  expect(await client.errorOf('POST', `${path}/submit_tool_outputs`, { tool_outputs: outputs })).toMatchObject({
    status: 400,
    message: 'Runs in status "expired" do not accept tool outputs.',
  });
});

test('an overdue run no longer locks its thread', async () => {
  const { client, assistant, run } = await waitingRun(never);
  letSecondsPass(601);
  const next = await client.post<RestRun>(`/threads/${run.thread_id}/runs`, { assistant_id: assistant.id });
  expect(next.status).toBe('queued');
  expect((await client.run(run)).status).toBe('expired');
});

test('submitting tool outputs does not extend the lifetime of a run', async () => {
  const { client, run } = await waitingRun(never);
  letSecondsPass(300);
  const resumed = await client.submit(run, 'x');
  expect(resumed.expires_at).toBe(run.expires_at);
  const done = await client.until(run, 'completed');
  expect(done.started_at).toBeGreaterThan((run.started_at ?? 0) + 290);
});
