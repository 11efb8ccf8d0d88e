import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/cli/config.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import { newDataPath, newDirectory } from '../engine/dataFiles.ts';
import { startWebhooks, webhookSecret } from '../engine/webhookServer.ts';
import { type RunningServer, runServer, startServer } from '../support/server.ts';

const sdkOf = ({ url }: RunningServer) => new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0 }).beta;
const tool = (name: string) => ({ type: 'function' as const, function: { name } });
const asking = (content: string) => ({ messages: [{ role: 'user' as const, content }] });

test('a stream of the official SDK goes from the call through the webhook to the answer', async () => {
  const webhooks = await startWebhooks((response) => response.end('rain'));
  const server = await startServer({
    TOOL_WEBHOOKS: `get_weather=${webhooks.url}/weather`,
    TOOL_WEBHOOK_SECRET: webhookSecret,
  });
  const { assistants, threads } = sdkOf(server);
  const { id: assistant_id } = await assistants.create({ model: 'm', tools: [tool('get_weather')] });
  const stream = threads.createAndRunStream({ assistant_id, thread: asking('get_weather {"city":"Paris"}') });
  const events: string[] = [];
  stream.on('event', ({ event }) => events.push(event));
  const [message] = await stream.finalMessages();
  expect(message?.content).toMatchObject([{ text: { value: '[offline model] get_weather returned: rain' } }]);
  const steps = await stream.finalRunSteps();
  expect(steps[0]?.step_details).toMatchObject({
    tool_calls: [{ id: webhooks.calls[0]?.id, function: { arguments: '{"city":"Paris"}', output: 'rain' } }],
  });
  expect(events.filter((event) => !event.endsWith('.delta'))).toEqual([
    'thread.created',
    'thread.run.created',
    'thread.run.queued',
    'thread.run.in_progress',
    'thread.run.step.created',
    'thread.run.step.in_progress',
    'thread.run.step.completed',
    'thread.run.queued',
    'thread.run.in_progress',
    'thread.run.step.created',
    'thread.run.step.in_progress',
    'thread.message.created',
    'thread.message.in_progress',
    'thread.message.completed',
    'thread.run.step.completed',
    'thread.run.completed',
  ]);
  await server.stop();
});

test('after kill -9 within a call of a webhook it is made again with the same id, and no call with an output is', async () => {
  let isBack = false;
  const webhooks = await startWebhooks((response, { path }) => {
    if (path === '/weather' || isBack) response.end(`output of ${path}`);
  });
  const env = {
    DATA_PATH: newDataPath(),
    TOOL_WEBHOOKS: `get_weather=${webhooks.url}/weather,get_time=${webhooks.url}/time`,
    TOOL_WEBHOOK_SECRET: webhookSecret,
  };
  const first = await startServer(env);
  const { assistants, threads } = sdkOf(first);
  const { id: assistant_id } = await assistants.create({ model: 'm', tools: [tool('get_weather'), tool('get_time')] });
  const run = await threads.createAndRun({ assistant_id, thread: asking('get_weather and get_time') });
  const path = `/threads/${run.thread_id}/runs/${run.id}`;
  const stepsOf = async (server: RunningServer) =>
    ((await (await server.rest(`${path}/steps?order=asc`)).json()) as RestPage<RestRunStep>).data;
  await expect.poll(async () => JSON.stringify(await stepsOf(first))).toContain('output of /weather');
  await expect.poll(() => webhooks.calls.length).toBe(2);
  await first.kill9();

  isBack = true;
  const second = await startServer(env);
  const current = async () => (await (await second.rest(path)).json()) as RestRun;
  await expect.poll(async () => (await current()).status, { timeout: 10_000 }).toBe('completed');
  const [step, ...more] = await stepsOf(second);
  expect(step?.step_details).toMatchObject({
    tool_calls: [{ function: { output: 'output of /weather' } }, { function: { output: 'output of /time' } }],
  });
  expect(more.map(({ type }) => type)).toEqual(['message_creation']);
  expect(webhooks.calls.map((call) => call.path).toSorted()).toEqual(['/time', '/time', '/weather']);
  const times = webhooks.calls.filter((call) => call.path === '/time');
  expect(times[1]).toEqual(times[0]);
  // The model's call before the crash was complete, so all usage is known.
  expect((await current()).usage?.total_tokens).toBeGreaterThan(0);
  await second.stop();
});

test('a webhook that returns the secret gets it into no output, log or error of the server', async () => {
  const key = webhookSecret.replace('whsec_', '');
  const webhooks = await startWebhooks((response, { path }) =>
    path.startsWith('/time')
      ? response.writeHead(400).end(`Cannot POST ${path} ${webhookSecret} ${key}`)
      : response.end(`${webhookSecret} ${key}`),
  );
  const server = await startServer({
    LOG_LEVEL: 'debug',
    TOOL_WEBHOOKS: `get_weather=${webhooks.url}/weather,get_time=${webhooks.url}/time/path-token?token=url-token-value`,
    TOOL_WEBHOOK_SECRET: webhookSecret,
  });
  const { assistants, threads } = sdkOf(server);
  const { id: assistant_id } = await assistants.create({ model: 'm', tools: [tool('get_weather'), tool('get_time')] });
  const run = await threads.createAndRunPoll({ assistant_id, thread: asking('get_weather and get_time') });
  expect(run.status).toBe('completed');
  const path = `/threads/${run.thread_id}`;
  const seen = await Promise.all(
    [`${path}/messages`, `${path}/runs/${run.id}/steps`, `${path}/runs/${run.id}/events`].map(async (each) =>
      (await server.rest(each)).text(),
    ),
  );
  await server.stop();
  seen.push(server.output());
  expect(server.output()).toMatch(/Tools +get_weather, get_time by webhooks; others by clients/);
  const all = seen.join('\n');
  expect(all).toContain('The tool failed: it returned the status 400: Cannot POST [redacted] [redacted] [redacted]');
  expect(all).toContain('the webhook of the tool get_time failed');
  expect([key, 'url-token-value', 'path-token'].filter((secret) => all.includes(secret))).toEqual([]);
  expect(webhooks.calls.map((call) => call.path).toSorted()).toEqual([
    '/time/path-token?token=url-token-value',
    '/weather',
  ]);
});

test.each([
  [{ TOOL_WEBHOOKS: 'a=https://tools.example' }, 'TOOL_WEBHOOKS needs TOOL_WEBHOOK_SECRET'],
  [{ TOOL_WEBHOOKS: 'a=ftp://tools.example' }, 'TOOL_WEBHOOKS must be names of functions'],
  [{ TOOL_WEBHOOKS: 'a b=https://tools.example' }, 'TOOL_WEBHOOKS must be names of functions'],
  [{ TOOL_WEBHOOKS: 'a=https://me:word@tools.example' }, 'TOOL_WEBHOOKS must be names of functions'],
  [{ TOOL_WEBHOOK_SECRET: 'c2hvcnQ=' }, 'TOOL_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64'],
  [{ TOOL_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, 'TOOL_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64'],
  [
    {
      ASSISTANTS_BASE_URL: 'https://api.example/v1',
      TOOL_WEBHOOKS: 'a=https://t.example',
      TOOL_WEBHOOK_SECRET: webhookSecret,
    },
    'TOOL_WEBHOOKS has no effect with ASSISTANTS_BASE_URL',
  ],
  [
    { ASSISTANTS_BASE_URL: 'https://api.example/v1', MODEL_BASE_URL: 'http://localhost:11434/v1' },
    'MODEL_BASE_URL has no effect with ASSISTANTS_BASE_URL',
  ],
  [
    { CODE_INTERPRETER: 'bubblewrap', ASSISTANTS_BASE_URL: 'http://127.0.0.1:1/v1' },
    'CODE_INTERPRETER has no effect with ASSISTANTS_BASE_URL',
  ],
  [{ TOOL_WEBHOOK_TIMEOUT_MS: '0' }, 'TOOL_WEBHOOK_TIMEOUT_MS must be a whole number from 1 to 600000'],
])('the server does not start with %j and says why without the value of a secret', async (env, message) => {
  const { code, stderr } = await runServer(env);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('c2hvcnQ');
  expect(stderr).not.toContain('me:word');
});

test('the secret, and the paths and parameters of the URLs of webhooks count as secrets, but a path of a slash alone does not', () => {
  const config = readConfig({
    TOOL_WEBHOOKS: 'a=https://t.example/?key=k-1,b=https://t.example/services/T0/k-2-of-24-characters-or-so',
    TOOL_WEBHOOK_SECRET: webhookSecret,
    RUN_WEBHOOKS: 'https://t.example/runs/k3',
    RUN_WEBHOOK_SECRET: webhookSecret,
  });
  const secrets = secretsOf(config);
  const ofTools = ['k-1', '/services/T0/k-2-of-24-characters-or-so', 'k-2-of-24-characters-or-so'];
  expect(secrets).toEqual(expect.arrayContaining([webhookSecret, ...ofTools, '/runs/k3']));
  expect(secrets).not.toContain('/');
});

test('the webhook in docs/tools.md runs, and accepts genuine requests only', async () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/tools.md'), 'utf8');
  const [, program = ''] = /^```js\n(.*?)^```$/ms.exec(docs) ?? [];
  const file = join(newDirectory(), 'webhook.mjs');
  writeFileSync(file, program);
  const env = { PATH: process.env['PATH'], PORT: '0', TOOL_WEBHOOK_SECRET: webhookSecret };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill();
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${/\d+/.exec(String(line))?.[0]}`;
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);

  const server = await startServer({ TOOL_WEBHOOKS: `get_weather=${url}`, TOOL_WEBHOOK_SECRET: webhookSecret });
  const { assistants, threads } = sdkOf(server);
  const { id: assistant_id } = await assistants.create({ model: 'm', tools: [tool('get_weather')] });
  const run = await threads.createAndRunPoll({ assistant_id, thread: asking('get_weather {"city":"Paris"}') });
  const { data } = await threads.messages.list(run.thread_id);
  expect(data[0]?.content).toMatchObject([
    { text: { value: '[offline model] get_weather returned: It rains in Paris.' } },
  ]);
  await server.stop();
});
