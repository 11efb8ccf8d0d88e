import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { webhookTools, type WebhookToolsOptions } from '../../src/engine/tools/webhookTools.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, functionTool, startClient, textOf } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { startWebhooks, webhookSecret } from './webhookServer.ts';

type Respond = Parameters<typeof startWebhooks>[0];

const tools = [functionTool('get_weather'), functionTool('get_time')];

const upToMessage = (all: string[]) => all.slice(0, all.indexOf('thread.message.created'));

/** An engine with `get_weather`, and with `get_time` if `names` has it, bound to a webhook. */
const startBound = async (
  respond: Respond,
  { names = ['get_weather'], ...options }: Partial<WebhookToolsOptions> & { names?: string[] } = {},
) => {
  const webhooks = await startWebhooks(respond);
  const urls = new Map(names.map((name) => [name, `${webhooks.url}/${name}`]));
  const bound = webhookTools({ urls, secret: webhookSecret, firstPauseMs: 1, ...options });
  const client = await startClient({ tools: bound });
  const start = async (text: string) => client.start(await client.assistant({ tools }), text);
  const outputs = async (run: RestRun) =>
    (await client.steps(run)).data.flatMap(({ step_details: details }) =>
      details.type === 'tool_calls'
        ? details.tool_calls.map((call) => (call.type === 'function' ? call.function.output : ''))
        : [],
    );
  const eventNames = async (run: RestRun) =>
    (await client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`)).map(({ event }) => event);
  return { webhooks, client, start, outputs, eventNames };
};

test('a run whose calls are all bound to webhooks goes on without requires_action, with the events of a submission', async () => {
  const { webhooks, client, start, outputs, eventNames } = await startBound(
    (response, { body }) => response.end(`the output of ${String(body['name'])}`),
    { names: ['get_weather', 'get_time'] },
  );
  const done = await client.until(await start('get_weather and get_time for {"city":"Paris"}'), 'completed');
  expect(await outputs(done)).toEqual(['the output of get_weather', 'the output of get_time']);
  const [step] = (await client.steps(done)).data;
  const ids = step?.step_details.type === 'tool_calls' ? step.step_details.tool_calls.map(({ id }) => id) : [];
  const sent = webhooks.calls.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
  expect(sent).toEqual(
    ['get_weather', 'get_time'].map((name, index) => ({
      id: ids[index],
      path: `/${name}`,
      body: {
        tool_call_id: ids[index],
        name,
        arguments: '{"city":"Paris"}',
        thread_id: done.thread_id,
        run_id: done.id,
        assistant_id: done.assistant_id,
      },
    })),
  );
  const completion = (await client.messages(done.thread_id)).data.at(-1);
  expect(textOf(completion)).toBe(
    '[offline model] get_weather returned: the output of get_weather; get_time returned: the output of get_time',
  );
  expect(step).toMatchObject({ status: 'completed', usage: { completion_tokens: expect.any(Number) } });
  expect(done.usage?.total_tokens).toBeGreaterThan(step?.usage?.total_tokens ?? 0);

  const plain = await startClient();
  const created = await plain.start(await plain.assistant({ tools }), 'get_weather and get_time for {"city":"Paris"}');
  await plain.submit(await plain.until(created, 'requires_action'), 'an output');
  await plain.until(created, 'completed');
  const names = await plain.events('GET', `/threads/${created.thread_id}/runs/${created.id}/events`);
  const submitted = upToMessage(names.map(({ event }) => event));
  expect(submitted).toContain('thread.run.requires_action');
  expect(upToMessage(await eventNames(done))).toEqual(
    submitted.filter((name) => name !== 'thread.run.requires_action'),
  );
});

test('a run with bound and other calls waits for the other outputs only, and the model gets all', async () => {
  const { client, start, outputs } = await startBound((response) => response.end('rain'));
  const waiting = await client.until(await start('get_weather and get_time'), 'requires_action');
  expect(callsOf(waiting).map((call) => call.function.name)).toEqual(['get_time']);
  expect(await outputs(waiting)).toEqual(['rain', null]);
  await client.submit(waiting, 'noon');
  const done = await client.until(waiting, 'completed');
  expect(await outputs(done)).toEqual(['rain', 'noon']);
  const completion = (await client.messages(done.thread_id)).data.at(-1);
  expect(textOf(completion)).toBe('[offline model] get_weather returned: rain; get_time returned: noon');
});

test('a call that is not bound waits for its output as ever, and no webhook is called', async () => {
  const { webhooks, client, start } = await startBound((response) => response.end('rain'));
  const waiting = await client.until(await start('get_time'), 'requires_action');
  expect(callsOf(waiting)).toHaveLength(1);
  expect(webhooks.calls).toEqual([]);
});

test('webhooks are called in every turn of a run', async () => {
  const { webhooks, client, start, outputs } = await startBound(
    (response, _call, count) => response.end(`output ${count}`),
    { names: ['get_weather', 'get_time'] },
  );
  const done = await client.until(await start('get_weather then get_time'), 'completed');
  expect(webhooks.calls.map(({ path }) => path)).toEqual(['/get_weather', '/get_time']);
  expect(await outputs(done)).toEqual(['output 1', 'output 2']);
});

test.each<[string, number, Respond, string, timeoutMs?: number]>([
  ['404', 1, (response) => response.writeHead(404).end('no such city'), 'it returned the status 404: no such city'],
  ['redirect', 1, (response) => response.writeHead(307, { location: '/other' }).end(), 'it returned the status 307.'],
  ['500 each time', 3, (response) => response.writeHead(500).end(), 'it returned the status 500.'],
  ['429 each time', 3, (response) => response.writeHead(429).end(), 'it returned the status 429.'],
  [
    '429 that asks for an hour',
    1,
    (response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
    'it returned the status 429.',
  ],
  ['too large', 1, (response) => response.end('x'.repeat(600_000)), 'its output is larger than 512 KiB.'],
  ['cut connection', 3, (response) => response.destroy(), 'it could not be reached, or closed the connection.'],
  ['no response', 3, () => undefined, 'it did not respond within 100 ms.', 100],
])(
  'a webhook that fails (%s) fails the tool after %d requests with one id, not the run',
  async (_, count, respond, reason, timeoutMs) => {
    const { webhooks, client, start, outputs } = await startBound(respond, { maxRetries: 2, timeoutMs });
    const done = await client.until(await start('get_weather'), 'completed');
    expect(await outputs(done)).toEqual([`The tool failed: ${reason}`]);
    expect(webhooks.calls).toHaveLength(count);
    expect(new Set(webhooks.calls.map(({ id }) => id)).size).toBe(1);
  },
);

test('a webhook that nothing listens for fails the tool, not the run', async () => {
  const urls = new Map([['get_weather', 'http://127.0.0.1:9/']]);
  const client = await startClient({ tools: webhookTools({ urls, secret: webhookSecret, firstPauseMs: 1 }) });
  const done = await client.until(await client.start(await client.assistant({ tools }), 'get_weather'), 'completed');
  const completion = (await client.messages(done.thread_id)).data.at(-1);
  expect(textOf(completion)).toContain('The tool failed: it could not be reached');
});

test('a webhook that fails once is called again with the same id', async () => {
  const { webhooks, client, start, outputs } = await startBound((response, _call, count) =>
    count === 1 ? response.writeHead(503).end() : response.end('rain'),
  );
  const done = await client.until(await start('get_weather'), 'completed');
  expect(await outputs(done)).toEqual(['rain']);
  expect(webhooks.calls).toHaveLength(2);
  expect(webhooks.calls[1]).toEqual(webhooks.calls[0]);
});

test('a cancelled run ends its call of a webhook', async () => {
  const { webhooks, client, start } = await startBound(() => undefined);
  const run = await start('get_weather');
  await expect.poll(() => webhooks.calls.length).toBe(1);
  expect((await client.run(run)).status).toBe('in_progress');
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  await client.until(run, 'cancelled');
  await expect.poll(webhooks.aborted).toBe(1);
  const cancelled = await client.run(run);
  expect(cancelled.usage?.completion_tokens).toBeGreaterThan(0);
  expect((await client.steps(run)).data).toMatchObject([{ type: 'tool_calls', status: 'cancelled' }]);
});

test('an expired run ends its call of a webhook', async () => {
  const webhooks = await startWebhooks(() => undefined);
  const bound = webhookTools({ urls: new Map([['get_weather', webhooks.url]]), secret: webhookSecret });
  const client = await startClient({ tools: bound, runLifetimeSeconds: 1, sweepIntervalMs: 50 });
  const run = await client.start(await client.assistant({ tools }), 'get_weather');
  await client.until(run, 'expired');
  await expect.poll(webhooks.aborted).toBe(1);
  expect(webhooks.calls).toHaveLength(1);
});

test('a run whose outputs cannot be stored ends its other calls, before it is claimed again', async () => {
  const dataPath = newDataPath();
  let ended = 0;
  const webhooks = await startWebhooks((response, { path }) => {
    if (path === '/get_weather') {
      rmSync(dataPath);
      response.end('rain');
    } else response.on('close', () => (ended += 1));
  });
  const urls = new Map(['get_weather', 'get_time'].map((name) => [name, `${webhooks.url}/${name}`]));
  const lines: string[] = [];
  const client = await startClient({
    dataPath,
    tools: webhookTools({ urls, secret: webhookSecret }),
    log: (line) => lines.push(line),
  });
  await client.start(await client.assistant({ tools }), 'get_time and get_weather');
  await expect.poll(() => ended).toBe(1);
  await expect.poll(() => lines).toContainEqual(expect.stringContaining('was abandoned'));
  expect(webhooks.calls.map(({ path }) => path).toSorted()).toEqual(['/get_time', '/get_weather']);
});
