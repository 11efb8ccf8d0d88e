import { expect, test } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, functionTool } from '../engine/client.ts';
import { callChunks, completion, textChunk, usageChunk } from './chatStream.ts';
import { completionRequests, startEngineOver } from './engineOver.ts';
import { events, unending, whole } from './rawServer.ts';

const usage = (prompt: number, completed: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completed,
  total_tokens: prompt + completed,
});

// The events of function calls in pairs, of a message, and of the submission of outputs.
const calling = ['thread.run.step.created', 'thread.run.step.in_progress', ...Array(4).fill('thread.run.step.delta')];
const writing = (deltas: number) => [
  'thread.run.step.created',
  'thread.run.step.in_progress',
  'thread.message.created',
  'thread.message.in_progress',
  ...Array(deltas).fill('thread.message.delta'),
  'thread.message.completed',
  'thread.run.step.completed',
];
const submitting = [
  'thread.run.requires_action',
  'thread.run.step.completed',
  'thread.run.queued',
  'thread.run.in_progress',
];

test('a run with two rounds of parallel calls has its steps, message, usage and events in order', async () => {
  const { client, server } = await startEngineOver([
    completion(
      [...callChunks(0, 'weather', '{"city":"Oslo"}'), ...callChunks(1, 'weather', '{"city":"Rome"}')],
      'tool_calls',
      usageChunk(20, 8, 4),
    ),
    completion(
      [textChunk('Looking further.'), ...callChunks(0, 'time', '{}'), ...callChunks(1, 'news', '{}')],
      'tool_calls',
      usageChunk(30, 9, 16),
    ),
    completion([textChunk('Rain '), textChunk('in both.')], 'stop', usageChunk(40, 3, 0)),
  ]);
  const assistant = await client.assistant({ tools: ['weather', 'time', 'news'].map(functionTool) });
  const created = await client.start(assistant, 'Where does it rain?');

  const first = await client.until(created, 'requires_action');
  expect(callsOf(first).map((call) => call.function)).toEqual([
    { name: 'weather', arguments: '{"city":"Oslo"}' },
    { name: 'weather', arguments: '{"city":"Rome"}' },
  ]);
  await client.submit(first, 'rain');
  const second = await client.until(created, 'requires_action', 'failed');
  expect(callsOf(second).map((call) => call.function.name)).toEqual(['time', 'news']);
  await client.submit(second, 'none');
  const run = await client.until(created, 'completed', 'failed');

  expect(run).toMatchObject({
    status: 'completed',
    last_error: null,
    usage: { ...usage(90, 20), prompt_token_details: { cached_tokens: 20 } },
  });
  const steps = (await client.steps(run)).data;
  expect(steps.map((step) => [step.type, step.status, step.usage])).toEqual([
    ['tool_calls', 'completed', { ...usage(20, 8), prompt_token_details: { cached_tokens: 4 } }],
    ['message_creation', 'completed', usage(0, 0)],
    ['tool_calls', 'completed', { ...usage(30, 9), prompt_token_details: { cached_tokens: 16 } }],
    ['message_creation', 'completed', { ...usage(40, 3), prompt_token_details: { cached_tokens: 0 } }],
  ]);
  const messages = (await client.messages(run.thread_id)).data;
  expect(messages.map(({ role, status, content }) => [role, status, content])).toEqual([
    ['user', 'completed', [{ type: 'text', text: { value: 'Where does it rain?', annotations: [] } }]],
    ['assistant', 'completed', [{ type: 'text', text: { value: 'Looking further.', annotations: [] } }]],
    ['assistant', 'completed', [{ type: 'text', text: { value: 'Rain in both.', annotations: [] } }]],
  ]);

  const [oslo, rome] = callsOf(first);
  const [time, news] = callsOf(second);
  const asSent = (call: typeof oslo) => ({ id: call?.id, type: 'function', function: call?.function });
  const output = (call: typeof oslo, content: string) => ({ role: 'tool', tool_call_id: call?.id, content });
  expect(completionRequests(server).at(-1)?.['messages']).toEqual([
    { role: 'user', content: 'Where does it rain?' },
    { role: 'assistant', content: null, tool_calls: [asSent(oslo), asSent(rome)] },
    output(oslo, 'rain'),
    output(rome, 'rain'),
    { role: 'assistant', content: 'Looking further.', tool_calls: [asSent(time), asSent(news)] },
    output(time, 'none'),
    output(news, 'none'),
  ]);

  const sent = await client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  expect(sent.map(({ event }) => event)).toEqual([
    'thread.created',
    'thread.run.created',
    'thread.run.queued',
    'thread.run.in_progress',
    ...calling,
    ...submitting,
    ...writing(1),
    ...calling,
    ...submitting,
    ...writing(2),
    'thread.run.completed',
    'done',
  ]);
});

test('a JSON schema and the settings that were given reach the model, and defaults do not', async () => {
  const { client, server } = await startEngineOver([completion([textChunk('{"city":"Oslo"}')], 'stop')]);
  const format = {
    type: 'json_schema',
    json_schema: { name: 'place', strict: true, schema: { type: 'object', properties: { city: { type: 'string' } } } },
  };
  const plain = await client.assistant({ instructions: 'Be brief.', response_format: format });
  expect(plain).toMatchObject({ temperature: 1, top_p: 1 });
  expect(plain).not.toHaveProperty('reasoning_effort');
  const { id } = await client.thread('Where?');
  const body = { assistant_id: plain.id, additional_instructions: 'In Norway.' };
  const run = await client.post<RestRun>(`/threads/${id}/runs`, body);
  expect(await client.until(run, 'completed')).toMatchObject({ temperature: 1, top_p: 1, usage: null });

  const tuned = await client.assistant({ temperature: 0.5, top_p: 1, reasoning_effort: 'low' });
  await client.until(await client.start(tuned, 'Where?', { temperature: 1, max_completion_tokens: 300 }), 'completed');

  const [first, second] = completionRequests(server);
  expect(first).toEqual({
    model: 'test',
    messages: [
      { role: 'system', content: 'Be brief.\nIn Norway.' },
      { role: 'user', content: 'Where?' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    response_format: format,
  });
  expect(second).toMatchObject({
    temperature: 1,
    top_p: 1,
    reasoning_effort: 'low',
    max_completion_tokens: 300,
  });
});

test('settings of an assistant that are changed or reset reach the model', async () => {
  const { client, server } = await startEngineOver([completion([textChunk('ok')], 'stop')]);
  const assistant = await client.assistant({ temperature: 0.5, reasoning_effort: 'low' });
  await client.post(`/assistants/${assistant.id}`, { temperature: null, top_p: 0.3 });
  const thread = await client.thread('Hi');
  const start = (body = {}) =>
    client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: assistant.id, ...body });
  await client.until(await start(), 'completed');
  await client.until(await start({ reasoning_effort: 'high' }), 'completed');
  const [first, second] = completionRequests(server);
  expect(first).not.toHaveProperty('temperature');
  expect(first).toMatchObject({ top_p: 0.3, reasoning_effort: 'low' });
  expect(second).toMatchObject({ top_p: 0.3, reasoning_effort: 'high' });
});

test('cancelling a run ends its model call, and keeps what was written as an incomplete message', async () => {
  const { client, server } = await startEngineOver([unending(events(textChunk('Once upon')))]);
  const created = await client.start(await client.assistant(), 'Tell me a story');
  await client.until(created, 'in_progress');
  await expect.poll(async () => (await client.messages(created.thread_id)).data.length).toBe(2);
  expect(server.connections.open).toBe(1);
  expect(await client.post(`/threads/${created.thread_id}/runs/${created.id}/cancel`)).toMatchObject({
    status: 'cancelling',
  });
  const run = await client.until(created, 'cancelled');
  expect(run).toMatchObject({ usage: null, last_error: null });
  await expect.poll(() => server.connections.open, { timeout: 1000 }).toBe(0);
  expect((await client.messages(run.thread_id)).data.at(-1)).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'run_cancelled' },
    content: [{ type: 'text', text: { value: 'Once upon' } }],
  });
  expect((await client.steps(run)).data).toMatchObject([{ status: 'cancelled', usage: null }]);
});

const limited = whole(
  { error: { message: 'Rate limit reached for requests', code: 'rate_limit_exceeded' } },
  { status: 429, headers: { 'content-type': 'application/json', 'retry-after-ms': '1' } },
);

test('a run that meets a few rate limits waits and completes', async () => {
  const { client, server } = await startEngineOver([limited, limited, completion([textChunk('At last')], 'stop')]);
  await client.until(await client.start(await client.assistant(), 'Hi'), 'completed');
  expect(completionRequests(server)).toHaveLength(3);
});

test('in a storm of rate limits every run fails with rate_limit_exceeded after a bounded number of calls', async () => {
  const { client, server } = await startEngineOver([limited], { model: { maxRetries: 2 } });
  const assistant = await client.assistant();
  const created = await Promise.all(Array.from({ length: 20 }, () => client.start(assistant, 'Hi')));
  const runs = await Promise.all(created.map((run) => client.until(run, 'failed')));
  for (const run of runs) {
    expect(run.last_error).toEqual({
      code: 'rate_limit_exceeded',
      message: expect.stringContaining('limits the rate of requests; it said: Rate limit reached for requests'),
    });
    expect((await client.messages(run.thread_id)).data).toHaveLength(1);
    expect((await client.steps(run)).data).toEqual([]);
  }
  expect(completionRequests(server)).toHaveLength(20 * 3);
});

test('a filtered completion is an incomplete message', async () => {
  const { client } = await startEngineOver([completion([textChunk('I would')], 'content_filter', usageChunk(4, 2))]);
  const run = await client.until(await client.start(await client.assistant(), 'Hi'), 'completed');
  expect(run.usage).toEqual(usage(4, 2));
  expect((await client.messages(run.thread_id)).data.at(-1)).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'content_filter' },
  });
});

test('a model that the endpoint does not have fails the run in words that help', async () => {
  const missing = whole(
    { error: { message: "The model 'gpt-old' does not exist", code: 'model_not_found' } },
    { status: 404 },
  );
  const { client } = await startEngineOver([missing]);
  const run = await client.until(await client.start(await client.assistant({ model: 'gpt-old' }), 'Hi'), 'failed');
  expect(run.last_error).toEqual({
    code: 'invalid_prompt',
    message: `The model endpoint has no model "gpt-old"; it said: The model 'gpt-old' does not exist. GET /v1/models lists the models that can be used.`,
  });
});

test('a model that does not begin in time fails the run', async () => {
  const { client } = await startEngineOver([unending('')], {
    model: { maxRetries: 0, timeouts: { firstTokenMs: 50, nextTokenMs: 50 } },
  });
  const run = await client.until(await client.start(await client.assistant(), 'Hi'), 'failed');
  expect(run.last_error).toEqual({
    code: 'server_error',
    message: 'The model endpoint sent no token within 0.05 seconds.',
  });
});
