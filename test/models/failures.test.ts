import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { ModelEndpointOptions } from '../../src/engine/models/endpoint/modelEndpoint.ts';
import { ask, askTimes, outcomeOf, requestFor, takeOne, written } from './asking.ts';
import {
  brokenOff,
  done,
  events,
  type Play,
  startRawServer,
  streamed,
  streamedUntilClose,
  unending,
  whole,
} from './rawServer.ts';

const content = (text: string) => ({ choices: [{ index: 0, delta: { content: text } }] });
const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const hello = streamed(events(content('Hi'), end) + done);
const soon = { 'retry-after-ms': '1', 'content-type': 'application/json' };
const error = (status: number, fields: object, headers: Record<string, string> = soon): Play =>
  whole({ error: { message: 'No.', ...fields } }, { status, headers });

const open = async (plays: [Play, ...Play[]], options: Partial<ModelEndpointOptions> = {}) => {
  const server = await startRawServer(...plays);
  return { server, model: chatCompletionsModel({ baseUrl: server.url, ...options }) };
};

test.each<[string, Play, object]>([
  [
    'a wrong key',
    error(401, { message: 'Incorrect API key provided: sk-abc***xyz' }),
    { code: 'server_error', message: 'The model endpoint rejected the credentials of this server (status 401).' },
  ],
  [
    'an unknown model of OpenAI',
    error(404, {
      message: 'The model `gpt-9` does not exist or you do not have access to it.',
      code: 'model_not_found',
    }),
    {
      code: 'model_not_found',
      message:
        'The model endpoint has no model "qwen" (for "test-model"); it said: The model `gpt-9` does not exist or you do not have access to it.',
    },
  ],
  [
    'an unknown model of Ollama',
    whole({ error: 'model "qwen" not found, try pulling it first' }, { status: 404 }),
    { code: 'model_not_found' },
  ],
  [
    'an unknown deployment of Azure',
    error(404, { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' }),
    { code: 'model_not_found' },
  ],
  [
    'a wrong path',
    whole('404 page not found', { status: 404, headers: {} }),
    {
      code: 'server_error',
      message:
        'The model endpoint has no such path (status 404); it said: 404 page not found. Check the base URL and the API.',
    },
  ],
  [
    'a context that is too long, of OpenAI',
    error(400, {
      code: 'context_length_exceeded',
      message: "This model's maximum context length is 8,192 tokens. However, your messages resulted in 9000 tokens.",
    }),
    { code: 'context_length_exceeded', contextTokens: 8192 },
  ],
  [
    'a context that is too long, of llama.cpp',
    error(400, {
      type: 'exceed_context_size_error',
      message: 'the request exceeds the available context size (4096 tokens), try increasing it',
    }),
    { code: 'context_length_exceeded', contextTokens: 4096 },
  ],
  [
    'a context that is too long, of vLLM',
    whole(
      {
        object: 'error',
        message: "This model's maximum context length is 2048 tokens.",
        type: 'BadRequestError',
        code: 400,
      },
      { status: 400 },
    ),
    { code: 'context_length_exceeded', contextTokens: 2048 },
  ],
  [
    'no quota',
    error(429, { code: 'insufficient_quota', message: 'You exceeded your current quota.' }),
    { code: 'rate_limit_exceeded', isRetryable: false },
  ],
  ['no credit', error(402, { message: 'Insufficient credits' }), { code: 'rate_limit_exceeded', isRetryable: false }],
  [
    'a filtered prompt of Azure',
    error(400, {
      code: 'content_filter',
      message: 'The response was filtered due to the prompt triggering the content management policy.',
    }),
    { code: 'invalid_prompt' },
  ],
  ['a redirect', whole('', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }), { code: 'server_error' }],
  [
    'an error in words',
    whole('out of memory', { status: 400, headers: {} }),
    { code: 'invalid_prompt', message: 'The model endpoint rejected the request (status 400); it said: out of memory' },
  ],
])('%s is an error with a code, and is not tried again', async (_what, play, expected) => {
  const { server, model } = await open([play], { names: new Map([['*', 'qwen']]) });
  const outcome = await outcomeOf(model, requestFor('Hi'));
  expect(outcome.error).toMatchObject({ name: 'ModelError', ...expected });
  expect(outcome.deltas).toEqual([]);
  expect(server.requests).toHaveLength(1);
});

test.each<[string, Play]>([
  ['429', error(429, {})],
  ['503', error(503, {})],
  ['a web page of status 502', whole('<html>', { status: 502, headers: soon })],
  ['a stream that breaks off before its first token', brokenOff(events(content('')))],
  [
    'a rate limit within a stream, before its first token',
    streamed(events({ error: { message: 'slow down', code: 429 } })),
  ],
  ['a connection that is closed', (socket) => void socket.destroy()],
  ['an error with x-should-retry', error(400, {}, { ...soon, 'x-should-retry': 'true' })],
])('after %s the request is sent again', async (_what, play) => {
  const { server, model } = await open([play, hello]);
  expect(await ask(model, requestFor('Hi'))).toMatchObject({ text: 'Hi', finish: ['stop'] });
  expect(server.requests).toHaveLength(2);
});

test('retries are bounded, and the error then has the code of the last one', async () => {
  const { server, model } = await open([error(429, {})], { maxRetries: 2 });
  expect((await outcomeOf(model, requestFor('Hi'))).error).toMatchObject({
    code: 'rate_limit_exceeded',
    retryAfterMs: 1,
  });
  expect(server.requests).toHaveLength(3);
});

test('a Retry-After that is too long is reported, not waited for', async () => {
  const { server, model } = await open([error(429, {}, { 'retry-after': '3600' })]);
  expect((await outcomeOf(model, requestFor('Hi'))).error).toMatchObject({
    code: 'rate_limit_exceeded',
    retryAfterMs: 3_600_000,
    message: 'The model endpoint limits the rate of requests; it said: No. It asks to wait 3600 seconds.',
  });
  expect(server.requests).toHaveLength(1);
});

test('x-should-retry: false is obeyed', async () => {
  const { server, model } = await open([error(503, {}, { ...soon, 'x-should-retry': 'false' })]);
  expect((await outcomeOf(model, requestFor('Hi'))).error).toMatchObject({ code: 'server_error' });
  expect(server.requests).toHaveLength(1);
});

test('once something is written, nothing is sent again', async () => {
  const { server, model } = await open([brokenOff(events(content('Half'))), hello]);
  const outcome = await outcomeOf(model, requestFor('Hi'));
  expect(written(outcome.deltas)).toMatchObject({ text: 'Half', finish: [] });
  expect(outcome.error).toMatchObject({ code: 'server_error' });
  expect(server.requests).toHaveLength(1);
});

test('an endpoint that nobody listens at is an error', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const model = chatCompletionsModel({ baseUrl: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
  expect((await outcomeOf(model, requestFor('Hi'))).error).toMatchObject({
    code: 'server_error',
    message: 'The model endpoint could not be reached, or closed the connection (ECONNREFUSED).',
  });
});

const timeouts = { firstTokenMs: 100, nextTokenMs: 50 };

test.each<[string, Play, string, string]>([
  ['no response', () => undefined, '', 'sent no token within 0.1 seconds'],
  ['only comments', unending(': ping\n\n'), '', 'sent no token within 0.1 seconds'],
  ['only an empty first chunk', unending(events(content(''))), '', 'sent no token within 0.1 seconds'],
  ['no second token', unending(events(content('One'))), 'One', 'sent no further token within 0.05 seconds'],
])('an endpoint that sends %s is given up', async (_what, play, text, message) => {
  const { server, model } = await open([play], { timeouts, maxRetries: 0 });
  const outcome = await outcomeOf(model, requestFor('Hi'));
  expect(outcome.error).toMatchObject({ code: 'server_error', message: `The model endpoint ${message}.` });
  expect(written(outcome.deltas).text).toBe(text);
  await expect.poll(() => server.connections.open).toBe(0);
});

test('reasoning counts as tokens, though it is not passed on', async () => {
  const thinking = events({ choices: [{ index: 0, delta: { reasoning_content: 'Hm' } }] });
  const { model } = await open([unending(thinking)], { timeouts, maxRetries: 0 });
  const outcome = await outcomeOf(model, requestFor('Hi'));
  expect(String(outcome.error)).toContain('no further token');
});

test('an abort ends the request and its connection, with the reason of the signal', async () => {
  const { server, model } = await open([unending(events(content('One')))]);
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const outcome = outcomeOf(model, requestFor('Hi', { signal: controller.signal }));
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort(reason);
  expect((await outcome).error).toBe(reason);
  await expect.poll(() => server.connections.open).toBe(0);
});

test('an abort ends the pause before a retry', async () => {
  const { server, model } = await open([error(429, {}, { 'retry-after': '50' })]);
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const outcome = outcomeOf(model, requestFor('Hi', { signal: controller.signal }));
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort(reason);
  expect((await outcome).error).toBe(reason);
});

test('a reader that stops early closes the connection and frees its place', async () => {
  const { server, model } = await open([unending(events(content('One')))], { limits: { maxConcurrentCalls: 1 } });
  await takeOne(model, requestFor('Hi'));
  await expect.poll(() => server.connections.open).toBe(0);
  expect(model.freeCalls()).toBe(1);
});

test('completions one after the other share connections', async () => {
  const { server, model } = await open([hello]);
  await askTimes(10, model, requestFor('Hi'));
  expect(server.connections.opened).toBeLessThan(3);
});

test('an event larger than 8 MiB is an error', async () => {
  const { model } = await open([unending(`data: ${'x'.repeat(9 * 1024 * 1024)}`)], { maxRetries: 0 });
  expect(String((await outcomeOf(model, requestFor('Hi'))).error)).toContain('an event larger than 8 MiB');
});

test('a response larger than 64 MiB is an error', async () => {
  const comments = `: ${'x'.repeat(1024 * 1024)}\n\n`.repeat(65);
  const { model } = await open([streamedUntilClose(comments)], { maxRetries: 0 });
  expect(String((await outcomeOf(model, requestFor('Hi'))).error)).toContain('a completion larger than 64 MiB');
});
