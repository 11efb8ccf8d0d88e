import { expect, test, vi } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, functionTool, startClient } from './client.ts';

/** Longer than any test: the sweeper never comes by. */
const never = 1_000_000;

test('a run whose outputs never come expires', async () => {
  const client = await startClient({ runLifetimeSeconds: 0.5, sweepIntervalMs: 20 });
  const assistant = await client.assistant({ tools: [functionTool('f')] });
  const waiting = await client.until(await client.start(assistant, 'f'), 'requires_action');
  const expired = await client.until(waiting, 'expired');
  expect(expired).toMatchObject({
    expires_at: null,
    required_action: null,
    completed_at: null,
    usage: expect.any(Object),
  });
  expect((await client.steps(expired)).data).toMatchObject([{ status: 'expired', expired_at: expect.any(Number) }]);
  await client.post(`/threads/${waiting.thread_id}/messages`, { role: 'user', content: 'The thread is free.' });
});

test('a model that takes too long is stopped', async () => {
  const client = await startClient({ runLifetimeSeconds: 0.5, sweepIntervalMs: 20 });
  const run = await client.start(
    await client.assistant(),
    'take 60 seconds over this, and end as an incomplete message',
  );
  await client.until(run, 'expired');
  for (const message of (await client.messages(run.thread_id, `run_id=${run.id}`)).data) {
    expect(message.incomplete_details).toEqual({ reason: 'run_expired' });
  }
});

test('nobody reads a run as active whose time is up, even where no sweep came by', async () => {
  const client = await startClient({ runLifetimeSeconds: 0.3, sweepIntervalMs: never });
  const assistant = await client.assistant({ tools: [functionTool('f')] });
  const run = await client.until(await client.start(assistant, 'f'), 'requires_action');
  const path = `/threads/${run.thread_id}/runs/${run.id}`;
  await client.until(run, 'expired');
  expect(await client.refused('POST', `${path}/cancel`)).toMatchObject({
    message: "Cannot cancel run with status 'expired'.",
  });
});

test('outputs that come too late are refused', async () => {
  const client = await startClient({ runLifetimeSeconds: 0.3, sweepIntervalMs: never });
  const assistant = await client.assistant({ tools: [functionTool('f')] });
  const run = await client.until(await client.start(assistant, 'f'), 'requires_action');
  const outputs = callsOf(run).map(({ id }) => ({ tool_call_id: id, output: '1' }));
  const path = `/threads/${run.thread_id}/runs/${run.id}/submit_tool_outputs`;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1000 });
  try {
    expect(await client.refused('POST', path, { tool_outputs: outputs })).toMatchObject({
      status: 400,
      message: 'Runs in status "expired" do not accept tool outputs.',
    });
  } finally {
    vi.useRealTimers();
  }
});

test('a run whose time is up locks its thread no longer', async () => {
  const client = await startClient({ runLifetimeSeconds: 60, sweepIntervalMs: never });
  const assistant = await client.assistant({ tools: [functionTool('f')] });
  const run = await client.until(await client.start(assistant, 'f'), 'requires_action');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
  try {
    const next = await client.post<RestRun>(`/threads/${run.thread_id}/runs`, { assistant_id: assistant.id });
    expect(next.status).toBe('queued');
    expect((await client.run(run)).status).toBe('expired');
  } finally {
    vi.useRealTimers();
  }
});
