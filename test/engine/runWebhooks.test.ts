import { expect, test } from 'vitest';
import type { EngineOptions } from '../../src/engine/engine.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { functionTool, startClient } from './client.ts';
import { startWebhooks, webhookSecret } from './webhookServer.ts';

type Respond = Parameters<typeof startWebhooks>[0];

const startReporting = async (respond: Respond, options: Partial<EngineOptions> = {}, urls: string[] = []) => {
  const webhooks = await startWebhooks(respond);
  const log: string[] = [];
  const client = await startClient({
    sweepIntervalMs: 20,
    ...options,
    log: (line) => log.push(line),
    runWebhooks: {
      urls: [...urls, `${webhooks.url}/runs?key=the-key-in-the-url`],
      secret: webhookSecret,
      firstPauseMs: 1,
    },
  });
  const tools = [functionTool('look')];
  return {
    client,
    log,
    webhooks,
    start: async (text: string, body: object = {}) => client.start(await client.assistant({ tools }), text, body),
    /** The events that were received for a run. */
    received: ({ id }: RestRun) =>
      webhooks.calls.flatMap(({ body }) => {
        const { run_id, status } = body['data'] as { run_id: string; status: string };
        return run_id === id ? [[body['type'], status]] : [];
      }),
  };
};

const accept: Respond = (response) => response.end();

const event = (status: string) => [`thread.run.${status}`, status];

test('a webhook gets the ids of a run that has ended, signed, and nothing of its content', async () => {
  const { client, webhooks, start } = await startReporting(accept);
  const run = await client.until(await start('hello'), 'completed');
  await expect.poll(() => webhooks.calls).toHaveLength(1);
  expect(webhooks.calls).toEqual([
    {
      id: expect.stringMatching(/^evt_\w{24}$/),
      path: '/runs?key=the-key-in-the-url',
      body: {
        type: 'thread.run.completed',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        data: { run_id: run.id, thread_id: run.thread_id, assistant_id: run.assistant_id, status: 'completed' },
      },
    },
  ]);
});

test('a run is reported when it requires action, and again when it has ended', async () => {
  const { client, start, received } = await startReporting(accept);
  const run = await client.until(await start('look'), 'requires_action');
  await expect.poll(() => received(run)).toEqual([event('requires_action')]);
  await client.submit(run, 'nothing');
  await client.until(run, 'completed');
  await expect.poll(() => received(run)).toEqual([event('requires_action'), event('completed')]);
});

test('runs that are cancelled, incomplete and expired are reported, and one of a deleted thread is too', async () => {
  const { client, start, received } = await startReporting(accept, { runLifetimeSeconds: 1 });
  const cancelled = await client.until(await start('look'), 'requires_action');
  await client.post(`/threads/${cancelled.thread_id}/runs/${cancelled.id}/cancel`);
  await client.remove(`/threads/${cancelled.thread_id}`);
  const incomplete = await start('many words '.repeat(300), { max_completion_tokens: 256 });
  const expired = await start('look');
  await expect.poll(() => received(cancelled)).toEqual([event('requires_action'), event('cancelled')]);
  await expect.poll(() => received(incomplete)).toEqual([event('incomplete')]);
  await expect.poll(() => received(expired)).toEqual([event('requires_action'), event('expired')]);
});

test('a run that fails is reported', async () => {
  const { start, received } = await startReporting(accept);
  const run = await start('please fail');
  await expect.poll(() => received(run)).toEqual([event('failed')]);
});

test('a message is sent again with the same id until it is accepted, and the log says so without keys', async () => {
  const { client, log, webhooks, start } = await startReporting((response, { path }, count) =>
    count < 4 ? response.writeHead(500).end(`Cannot POST ${path}`) : response.end(),
  );
  const run = await client.until(await start('hello'), 'completed');
  await expect.poll(() => log.at(-1)).toContain('was delivered');
  expect(webhooks.calls.map(({ id }) => id)).toEqual(Array(4).fill(webhooks.calls[0]?.id));
  const { host } = new URL(webhooks.url);
  const what = `run webhook ${webhooks.calls[0]?.id} to ${host}`;
  const of = `thread.run.completed of ${run.id}`;
  const reason = 'it returned the status 500: Cannot POST [redacted]';
  expect(log).toEqual([
    ...[1, 2, 3].map((attempt) => `${what} failed, attempt ${attempt}, next in 1 s: ${of}: ${reason}`),
    `${what} was delivered, attempt 4: ${of}`,
  ]);
});

test('a webhook that is down delays no message to another', async () => {
  const { client, webhooks, start } = await startReporting(accept, {}, ['http://127.0.0.1:9/down']);
  for (let count = 0; count < 3; count += 1) await client.until(await start('hello'), 'completed');
  await expect.poll(() => webhooks.calls).toHaveLength(3);
});
