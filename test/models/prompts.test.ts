import { expect, test } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import { callsOf, functionTool } from '../engine/client.ts';
import { callChunks, completion, textChunk, usageChunk } from './chatStream.ts';
import { completionRequests, startEngineOver } from './engineOver.ts';
import { type Play, whole } from './rawServer.ts';

const ok = completion([textChunk('ok')], 'stop', usageChunk(1, 1));
const overflow = (said: string): Play =>
  whole({ error: { message: said, code: 'context_length_exceeded' } }, { status: 400 });
const tooLong = overflow('This prompt is too long: reduce the length of the messages.');

const contents = (body: Record<string, unknown>) =>
  (body['messages'] as { content: string }[]).map(({ content }) => content);

test('the calls and outputs of earlier runs are shown to the model, in order', async () => {
  const { client, server } = await startEngineOver([
    completion(callChunks(0, 'look', '{"at":"sky"}'), 'tool_calls'),
    completion([textChunk('It is blue.')], 'stop'),
    ok,
  ]);
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const created = await client.start(assistant, 'What colour is the sky?');
  const waiting = await client.until(created, 'requires_action');
  await client.submit(waiting, 'blue');
  await client.until(created, 'completed');
  const path = `/threads/${created.thread_id}`;
  await client.post(`${path}/messages`, { role: 'user', content: 'Are you sure?' });
  await client.until(await client.post<RestRun>(`${path}/runs`, { assistant_id: assistant.id }), 'completed');
  const [call] = callsOf(waiting);
  expect(completionRequests(server).at(-1)?.['messages']).toEqual([
    { role: 'user', content: 'What colour is the sky?' },
    { role: 'assistant', content: null, tool_calls: [{ id: call?.id, type: 'function', function: call?.function }] },
    { role: 'tool', tool_call_id: call?.id, content: 'blue' },
    { role: 'assistant', content: 'It is blue.' },
    { role: 'user', content: 'Are you sure?' },
  ]);
});

test('the calls and outputs of a run that failed before it wrote a message are shown in their place', async () => {
  const { client, server } = await startEngineOver([
    completion(callChunks(0, 'look', '{"at":"sky"}'), 'tool_calls'),
    whole({ error: { message: 'no' } }, { status: 400 }),
    completion([textChunk('It is blue.')], 'stop'),
    ok,
  ]);
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const created = await client.start(assistant, 'What colour is the sky?');
  const waiting = await client.until(created, 'requires_action');
  await client.submit(waiting, 'blue');
  await client.until(created, 'failed');
  const again = () => client.post<RestRun>(`/threads/${created.thread_id}/runs`, { assistant_id: assistant.id });
  await client.until(await again(), 'completed');
  await client.until(await again(), 'completed');
  const [call] = callsOf(waiting);
  const shown = [
    { role: 'user', content: 'What colour is the sky?' },
    { role: 'assistant', content: null, tool_calls: [{ id: call?.id, type: 'function', function: call?.function }] },
    { role: 'tool', tool_call_id: call?.id, content: 'blue' },
  ];
  const sent = completionRequests(server).map((body) => body['messages']);
  expect(sent.slice(2)).toEqual([shown, [...shown, { role: 'assistant', content: 'It is blue.' }]]);
});

test('calls whose outputs were never submitted are not shown to the model', async () => {
  const { client, server } = await startEngineOver([
    completion([textChunk('Looking.'), ...callChunks(0, 'look', '{}')], 'tool_calls'),
    ok,
  ]);
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const created = await client.start(assistant, 'Look');
  await client.until(created, 'requires_action');
  await client.post(`/threads/${created.thread_id}/runs/${created.id}/cancel`);
  await client.until(created, 'cancelled');
  const again = await client.post<RestRun>(`/threads/${created.thread_id}/runs`, { assistant_id: assistant.id });
  await client.until(again, 'completed');
  expect(completionRequests(server).at(-1)?.['messages']).toEqual([
    { role: 'user', content: 'Look' },
    { role: 'assistant', content: 'Looking.' },
  ]);
});

test('text that a model writes after calls is a second message, and is shown with the calls', async () => {
  const { client, server } = await startEngineOver([
    completion([textChunk('First.'), ...callChunks(0, 'look', '{}'), textChunk('Then.')], 'tool_calls'),
    ok,
  ]);
  const created = await client.start(await client.assistant({ tools: [functionTool('look')] }), 'Look');
  const waiting = await client.until(created, 'requires_action');
  expect((await client.steps(created)).data.map(({ type, status }) => [type, status])).toEqual([
    ['message_creation', 'completed'],
    ['tool_calls', 'in_progress'],
    ['message_creation', 'completed'],
  ]);
  await client.submit(waiting, 'seen');
  await client.until(created, 'completed');
  expect((await client.messages(created.thread_id)).data.map(({ content }) => content)).toMatchObject(
    ['Look', 'First.', 'Then.', 'ok'].map((value) => [{ text: { value } }]),
  );
  const sent = completionRequests(server).at(-1)?.['messages'] as { role: string; content: unknown }[];
  expect(sent.map(({ role, content }) => [role, content])).toEqual([
    ['user', 'Look'],
    ['assistant', 'First.'],
    ['assistant', 'Then.'],
    ['tool', 'seen'],
  ]);
});

test('images are sent by URL, and those of files by their bytes', async () => {
  const { client, server } = await startEngineOver([ok], {
    engine: {
      readImage: (fileId) =>
        Promise.resolve(fileId === 'file-1' ? { bytes: new Uint8Array([1, 2, 3]), mediaType: 'image/png' } : undefined),
    },
  });
  const { id } = await client.assistant();
  const content = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: 'https://images.test/a.png', detail: 'low' } },
    { type: 'image_file', image_file: { file_id: 'file-1', detail: 'high' } },
    { type: 'image_file', image_file: { file_id: 'file-2' } },
  ];
  const run = await client.post<RestRun>('/threads/runs', {
    assistant_id: id,
    thread: { messages: [{ role: 'user', content }] },
  });
  await client.until(run, 'completed');
  expect(completionRequests(server)[0]?.['messages']).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: 'https://images.test/a.png', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID', detail: 'high' } },
        { type: 'text', text: '(an image, file file-2)' },
      ],
    },
  ]);
});

/** A run of a new thread with messages of 100 estimated tokens each. */
const startLong = async ({ client }: Awaited<ReturnType<typeof startEngineOver>>, count: number, body = {}) => {
  const thread = await client.thread(...Array.from({ length: count }, (_, at) => `${at} `.padEnd(384, 'x')));
  const { id } = await client.assistant();
  return client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: id, ...body });
};

test('a prompt that is too long for the model is built again without the oldest messages', async () => {
  const over = await startEngineOver([tooLong, tooLong, ok]);
  const run = await over.client.until(await startLong(over, 20), 'completed', 'failed', 'incomplete');
  expect(run.status).toBe('completed');
  const sent = completionRequests(over.server).map(contents);
  expect(sent.map(({ length }) => length)).toEqual([20, 13, 8]);
  expect(sent.at(-1)?.at(-1)).toMatch(/^19 /);
});

test('a context size that an error names is kept to from then on, with room for the completion', async () => {
  const said = "This model's maximum context length is 1000 tokens. However, your messages resulted in 2000 tokens.";
  const over = await startEngineOver([overflow(said), ok]);
  await over.client.until(await startLong(over, 20), 'completed');
  await over.client.until(await startLong(over, 20, { max_completion_tokens: 600 }), 'completed');
  const bodies = completionRequests(over.server);
  expect(bodies.map((body) => contents(body).length)).toEqual([20, 7, 5]);
  // Half of the context is left to a completion that may be longer, less what the template of the model may add.
  expect(bodies.at(-1)?.['max_completion_tokens']).toBe(500 - 64);
});

test.each([
  ['one message', 1, {}, 1],
  ['last_messages', 20, { truncation_strategy: { type: 'last_messages', last_messages: 10 } }, 1],
  ['a model that takes no prompt', 20, {}, 5],
])('a run of %s whose prompt cannot be shortened is incomplete', async (_what, count, body, calls) => {
  const over = await startEngineOver([tooLong]);
  const run = await over.client.until(await startLong(over, count, body), 'incomplete', 'failed');
  expect(run).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_prompt_tokens' },
    last_error: null,
  });
  expect((await over.client.steps(run)).data).toEqual([]);
  expect(completionRequests(over.server)).toHaveLength(calls);
});

test('a run with last_messages gets them even if an estimate says that they may be too long', async () => {
  const over = await startEngineOver([ok], { model: { contextTokens: new Map([['*', 512]]) } });
  const body = { truncation_strategy: { type: 'last_messages', last_messages: 10 } };
  await over.client.until(await startLong(over, 20, body), 'completed');
  await over.client.until(await startLong(over, 20), 'completed');
  expect(completionRequests(over.server).map((sent) => contents(sent).length)).toEqual([10, 3]);
});

test('a model whose context size is not known gets at most 96,000 tokens of a long thread', async () => {
  const { client, server } = await startEngineOver([ok]);
  const thread = await client.thread(...Array.from({ length: 130 }, (_, at) => `${at} `.padEnd(3984, 'x')));
  const { id } = await client.assistant();
  await client.until(await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: id }), 'completed');
  expect(completionRequests(server).map((body) => contents(body).length)).toEqual([96]);
});

test('limits of a run count all its calls, by an estimate if the usage is unknown', async () => {
  const { client, server } = await startEngineOver([
    completion(callChunks(0, 'look', JSON.stringify({ at: 'x'.repeat(791) })), 'tool_calls'),
    ok,
  ]);
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const created = await client.start(assistant, 'Look', { max_completion_tokens: 256 });
  await client.submit(await client.until(created, 'requires_action'), 'seen');
  expect((await client.until(created, 'completed')).usage).toBeNull();
  expect(completionRequests(server).map((body) => body['max_completion_tokens'])).toEqual([256, 56]);
});
