import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { ModelEndpointOptions } from '../../src/engine/models/endpoint/modelEndpoint.ts';
import { ask, outcomeOf, requestFor, tools, written } from './asking.ts';
import {
  brokenOff,
  done,
  events,
  startRawServer,
  streamed,
  streamedUntilClose,
  unending,
  whole,
  type Play,
} from './rawServer.ts';

const delta = (value: object, finish: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: value, finish_reason: finish }],
});
const text = (content: string) => delta({ content });
const calls = (...toolCalls: object[]) => delta({ tool_calls: toolCalls });
const finish = (reason = 'stop') => delta({}, reason);
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

const open = async (plays: [Play, ...Play[]], options: Partial<ModelEndpointOptions> = {}) => {
  const server = await startRawServer(...plays);
  return { server, model: chatCompletionsModel({ baseUrl: server.url, ...options }) };
};

const asked = async (stream: string, rest = {}) => {
  const { model } = await open([streamed(stream)]);
  return ask(model, requestFor('Hi', rest));
};

const weather = { tools: tools('get_weather', 'get_time', 'get') };
const paris = { name: 'get_weather', arguments: '{"city":"Paris"}' };
const noon = { name: 'get_time', arguments: '{"zone":"CET"}' };

test('text comes piece by piece, then usage with cached tokens, then the finish', async () => {
  const details = { prompt_tokens_details: { cached_tokens: 5 }, completion_tokens_details: { reasoning_tokens: 1 } };
  const { model } = await open([
    streamed(
      events(delta({ role: 'assistant', content: '' }), text('Hel'), text('lo ✓'), finish(), {
        choices: [],
        usage: { ...usage, ...details },
      }) + done,
    ),
  ]);
  expect((await outcomeOf(model, requestFor('Hi'))).deltas).toEqual([
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo ✓' },
    { type: 'usage', promptTokens: 7, completionTokens: 3, cachedTokens: 5, reasoningTokens: 1 },
    { type: 'finish', reason: 'stop' },
  ]);
});

test.each([
  ['in a last chunk with empty choices', events(text('Hi'), finish(), { choices: [], usage }) + done],
  ['in a last chunk without choices', events(text('Hi'), finish(), { usage }) + done],
  ['in the chunk that finishes', events(text('Hi'), { ...finish(), usage })],
  [
    'so far in every chunk',
    events({ ...text('Hi'), usage: { ...usage, completion_tokens: 1 } }, { ...finish(), usage }),
  ],
])('usage is read %s', async (_where, stream) => {
  expect(await asked(stream)).toMatchObject({
    text: 'Hi',
    usage: { promptTokens: 7, completionTokens: 3, cachedTokens: null },
    finish: ['stop'],
  });
});

test.each([
  ['without usage', events(text('Hi'), finish()) + done],
  ['with usage null', events({ ...text('Hi'), usage: null }, finish()) + done],
])('the usage of a stream %s is unknown', async (_how, stream) => {
  expect((await asked(stream)).usage).toBeUndefined();
});

test.each([
  [
    'comments and keep-alives',
    `: OPENROUTER PROCESSING\n\n:\n\n${events(text('Hi'))}: ping\n\n${events(finish())}${done}`,
  ],
  ['line ends of CRLF', (events(text('Hi'), finish()) + done).replaceAll('\n', '\r\n')],
  ['no [DONE]', events(text('Hi'), finish())],
  ['a byte order mark', `\u{feff}${events(text('Hi'), finish())}`],
  ['no space after the colon', events(text('Hi'), finish()).replaceAll('data: ', 'data:')],
  [
    'a first chunk with empty choices, as Azure sends it',
    events({ choices: [], prompt_filter_results: [] }, text('Hi'), finish()),
  ],
  ['a choice without a delta', events({ choices: [{ index: 0, finish_reason: null }] }, text('Hi'), finish())],
  ['finish_reason "" on every chunk', events(delta({ content: 'Hi' }, ''), finish())],
  [
    'text as parts',
    events(
      delta({
        content: [
          { type: 'thinking', thinking: 'Hm' },
          { type: 'text', text: 'Hi' },
        ],
      }),
      finish(),
    ),
  ],
  ['a finish reason of its own', events(text('Hi'), finish('eos_token'))],
  ['reasoning_content', events(delta({ reasoning_content: 'Hm' }), text('Hi'), finish())],
  ['reasoning', events(delta({ reasoning: 'Hm', content: '' }), text('Hi'), finish())],
])('a stream with %s is read', async (_what, stream) => {
  expect(await asked(stream)).toMatchObject({ text: 'Hi', calls: [], finish: ['stop'] });
});

test('a refusal is passed on as one', async () => {
  const stream = events(delta({ refusal: "I can't " }), delta({ refusal: 'do that.' }), finish());
  expect(await asked(stream)).toMatchObject({ text: '', refusal: "I can't do that.", finish: ['stop'] });
});

test.each([
  [
    'JSON though a stream was asked for',
    whole({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }], usage }),
  ],
  [
    'a stream that calls itself JSON',
    streamed(events(text('Hi'), { ...finish(), usage }), { headers: { 'content-type': 'application/json' } }),
  ],
  ['a stream without a content type', streamed(events(text('Hi'), { ...finish(), usage }), { headers: {} })],
])('%s is read', async (_what, play) => {
  const { model } = await open([play]);
  expect(await ask(model, requestFor('Hi'))).toMatchObject({
    text: 'Hi',
    usage: { promptTokens: 7 },
    finish: ['stop'],
  });
});

const called = (fields: object, args?: unknown, name?: string) => ({
  ...fields,
  function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
});

test.each([
  [
    'as OpenAI streams them',
    events(
      calls(called({ index: 0, id: 'a', type: 'function' }, '', 'get_weather')),
      calls(called({ index: 0 }, '{"city":')),
      calls(called({ index: 0 }, '"Paris"}')),
      calls(called({ index: 1, id: 'b', type: 'function' }, '', 'get_time')),
      calls(called({ index: 1 }, '{"zone":"CET"}')),
      finish('tool_calls'),
    ),
  ],
  [
    'interleaved',
    events(
      calls(
        called({ index: 0, id: 'a' }, '{"city":', 'get_weather'),
        called({ index: 1, id: 'b' }, '{"zone":', 'get_time'),
      ),
      calls(called({ index: 0 }, '"Paris"}')),
      calls(called({ index: 1 }, '"CET"}')),
      finish('tool_calls'),
    ),
  ],
  [
    'without index, by their ids',
    events(
      calls(called({ id: 'a' }, '{"city":', 'get_weather')),
      calls(called({ id: 'a' }, '"Paris"}')),
      calls(called({ id: 'b' }, '{"zone":"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'all with index 0, by their ids',
    events(
      calls(called({ index: 0, id: 'a' }, '{"city":"Paris"}', 'get_weather')),
      calls(called({ index: 0, id: 'b' }, '{"zone":"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'without index and id, in one chunk',
    events(
      calls(called({}, '{"city":"Paris"}', 'get_weather'), called({}, '{"zone":"CET"}', 'get_time')),
      finish('stop'),
    ),
  ],
  [
    'all with index 0 and without id',
    events(
      calls(called({ index: 0 }, '{"city":"Paris"}', 'get_weather')),
      calls(called({ index: 0 }, '', 'get_time')),
      calls(called({ index: 0 }, '{"zone":"CET"}')),
      finish('tool_calls'),
    ),
  ],
  [
    'with the same id, distinguished by index',
    events(
      calls(called({ index: 0, id: 'call' }, '{"city":"Paris"}', 'get_weather')),
      calls(called({ index: 1, id: 'call' }, '{"zone":"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'with blank ids and names on continuations',
    events(
      calls(called({ index: 0, id: 'a' }, '', 'get_weather')),
      calls(called({ index: 0, id: '' }, '{"city":', '')),
      calls(called({ index: 0, id: '' }, '"Paris"}', '')),
      calls(called({ index: 1, id: 'b' }, '{"zone":"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'with id and name on every fragment',
    events(
      calls(called({ index: 0, id: 'a' }, '{"city":', 'get_weather')),
      calls(called({ index: 0, id: 'a' }, '"Paris"}', 'get_weather')),
      calls(called({ index: 1, id: 'b' }, '{"zone":', 'get_time')),
      calls(called({ index: 1, id: 'b' }, '"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'with the name in pieces, one of them a name too',
    events(
      calls(called({ index: 0, id: 'a' }, undefined, 'get')),
      calls(called({ index: 0 }, undefined, '_weather')),
      calls(called({ index: 0 }, '{"city":"Paris"}')),
      calls(called({ index: 1, id: 'b' }, '{"zone":"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'with the id first, and the name after it',
    events(
      calls({ index: 0, id: 'a' }),
      calls(called({ index: 0 }, undefined, 'get_weather')),
      calls(called({ index: 0 }, '{"city":"Paris"}')),
      calls({ index: 1, id: 'b' }),
      calls(called({ index: 1 }, '{"zone":"CET"}', 'get_time')),
      finish('tool_calls'),
    ),
  ],
  [
    'with arguments as an object',
    events(
      calls(called({ index: 0, id: 'a' }, { city: 'Paris' }, 'get_weather')),
      calls(called({ index: 1, id: 'b' }, { zone: 'CET' }, 'get_time')),
      finish('tool_calls'),
    ),
  ],
])('function calls are read %s', async (_how, stream) => {
  expect(await asked(stream, weather)).toMatchObject({ text: '', calls: [paris, noon], finish: ['tool_calls'] });
});

test('a call without arguments has an empty object of them', async () => {
  const stream = events(calls(called({ index: 0, id: 'a' }, '', 'get_weather')), finish('tool_calls'));
  expect((await asked(stream, weather)).calls).toEqual([{ name: 'get_weather', arguments: '{}' }]);
});

test('a function that the request does not have is passed on by its name', async () => {
  const stream = events(calls(called({ index: 0, id: 'a' }, '{}', 'made_up')), finish('tool_calls'));
  expect((await asked(stream, weather)).calls).toEqual([{ name: 'made_up', arguments: '{}' }]);
});

test.each([
  ['length', 'length'],
  ['content_filter', 'content_filter'],
  ['model_length', 'length'],
  ['recitation', 'content_filter'],
  ['STOP', 'stop'],
  ['eos_token', 'stop'],
])('the finish reason %s is %s', async (reason, expected) => {
  expect((await asked(events(text('Hi'), finish(reason)))).finish).toEqual([expected]);
});

test('the word `null` is no finish reason', async () => {
  const unfinished = { choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'null' }] };
  expect((await asked(events(unfinished, text('!'), finish()))).text).toBe('Hi!');
  const { error } = await failing(streamed(events(unfinished) + done));
  expect(error).toMatchObject({ message: 'The model endpoint ended the completion before it was finished.' });
});

test.each(['abort', 'insufficient_system_resource', 'malformed_function_call', 'cancelled', 'constructor'])(
  'a completion that ends with the reason %s was broken off',
  async (reason) => {
    const half = calls(called({ index: 0, id: 'a' }, '{"city":"Par', 'get_time'));
    const { deltas, error } = await failing(
      streamed(events(text('Half a'), half, finish(reason))),
      requestFor('Hi', weather),
    );
    expect(error).toMatchObject({
      code: 'server_error',
      message: `The model endpoint broke off the completion; its reason: ${reason}`,
    });
    expect(written(deltas)).toMatchObject({ text: 'Half a', finish: [] });
  },
);

test('a completion whose only choice has another number than 0 is read', async () => {
  const first = { choices: [{ index: 1, delta: { content: 'Hi' } }] };
  const last = { choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] };
  expect(await asked(events(first, last))).toMatchObject({ text: 'Hi', finish: ['stop'] });
});

test.each(['', {}, null, false])('the empty error %j beside choices is none', async (error) => {
  expect(await asked(events({ ...text('Hi'), error }, finish()))).toMatchObject({ text: 'Hi', finish: ['stop'] });
});

test('fragments of one number are one call, although each has an id of its own', async () => {
  const pieces = ['{"ci', 'ty":"', 'Paris"}'].map((piece, at) =>
    calls({ index: 0, id: `call_${at}`, function: { ...(at === 0 && { name: 'get_time' }), arguments: piece } }),
  );
  expect((await asked(events(...pieces, finish('tool_calls')), weather)).calls).toEqual([
    { name: 'get_time', arguments: '{"city":"Paris"}' },
  ]);
});

const failing = async (play: Play, request = requestFor('Hi'), options: Partial<ModelEndpointOptions> = {}) => {
  const { model, server } = await open([play], { maxRetries: 0, ...options });
  return { ...(await outcomeOf(model, request)), server };
};

test('a stream that says it called functions and names none is an error', async () => {
  const { error } = await failing(streamed(events(finish('tool_calls'))));
  expect(error).toMatchObject({
    code: 'server_error',
    message: 'The model said that it called functions, but named none.',
  });
});

const completion = Buffer.from(
  events(
    delta({ role: 'assistant' }),
    text('Hé'),
    calls(called({ index: 0, id: 'a' }, '{}', 'get_time')),
    finish('tool_calls'),
  ),
);

test('a stream cut at any byte before its finish is an error, whether the connection closes or breaks', async () => {
  const plays: Play[] = [];
  // The finish counts once its event is complete, two line ends included.
  for (let length = 0; length < completion.length; length += 1)
    plays.push(streamedUntilClose(completion.subarray(0, length)));
  for (let length = 0; length < completion.length; length += 1)
    plays.push(brokenOff(completion.subarray(0, length).toString('latin1')));
  const [first, ...rest] = [...plays, streamedUntilClose(completion)];
  if (first === undefined) throw new Error('nothing to play');
  const { model } = await open([first, ...rest], { maxRetries: 0 });
  for (let cut = 0; cut < plays.length; cut += 1) {
    const { deltas, error } = await outcomeOf(model, requestFor('Hi', weather));
    expect(error).toMatchObject({ name: 'ModelError', code: 'server_error' });
    expect(written(deltas).finish).toEqual([]);
  }
  expect((await ask(model, requestFor('Hi', weather))).finish).toEqual(['tool_calls']);
});

test('a stream that breaks after its finish is whole', async () => {
  const { model } = await open([brokenOff(events(text('Hi'), finish()))], { maxRetries: 0 });
  expect(await ask(model, requestFor('Hi'))).toMatchObject({ text: 'Hi', finish: ['stop'] });
});

test('a stream that stays open after its finish is whole', async () => {
  const { model } = await open([unending(events(text('Hi'), finish()))]);
  expect(await ask(model, requestFor('Hi'))).toMatchObject({ text: 'Hi', finish: ['stop'] });
});

test('[DONE] without a finish is an error', async () => {
  const { error, deltas } = await failing(streamed(events(text('Hi')) + done));
  expect(error).toMatchObject({ message: 'The model endpoint ended the completion before it was finished.' });
  expect(written(deltas)).toMatchObject({ text: 'Hi', finish: [] });
});

test.each<[string, object, RegExp, string?]>([
  ['an object', { error: { message: 'Overloaded', code: 'server_error' } }, /Overloaded/],
  ['a text', { error: 'Overloaded' }, /Overloaded/],
  [
    'of vLLM',
    { object: 'error', message: "This model's maximum context length is 4096 tokens.", code: 400 },
    /too long .*4096/,
    'context_length_exceeded',
  ],
  ['of FastAPI', { detail: 'The worker died' }, /The worker died/],
  ['with a status as text', { error: { message: 'Nope', code: '400' } }, /status 400.*Nope/, 'invalid_prompt'],
  [
    "with a vendor's code",
    { error: { message: 'Rate limit reached', code: 1302 } },
    /limits the rate/,
    'rate_limit_exceeded',
  ],
  [
    'of LiteLLM',
    { error: { message: 'litellm.RateLimitError: x', type: 'throttling_error', code: '429' } },
    /limits the rate/,
    'rate_limit_exceeded',
  ],
  [
    'part of a choice',
    { choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'Provider died' } }] },
    /status 502.*Provider died/,
  ],
])('an error within a stream of status 200 is the error: %s', async (_how, event, message, code = 'server_error') => {
  const { error, deltas } = await failing(streamed(events(text('Half'), event) + done));
  expect(error).toMatchObject({ code });
  expect(String(error)).toMatch(message);
  expect(written(deltas)).toMatchObject({ text: 'Half', finish: [] });
});

test('an event named error is an error, whatever its data', async () => {
  const { error } = await failing(streamed(`event: error\ndata: out of memory\n\n`));
  expect(String(error)).toMatch(/out of memory/);
});

test('a line that is no JSON is an error that quotes it', async () => {
  const { error } = await failing(streamed(`${events(text('Half'))}data: {"choices": [}\n\n`));
  expect(error).toMatchObject({ message: 'The model endpoint sent an event that is no JSON object: {"choices": [}' });
});

test.each([
  [
    'of status 200',
    whole('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } }),
    /status 200 with a web page titled "Sign in"/,
  ],
  [
    'of status 502',
    whole('<html><head><title>502 Bad Gateway</title>', { status: 502, headers: {} }),
    /status 502 with a web page titled "502 Bad Gateway"/,
  ],
])('a web page %s, from a proxy, is an error that says so', async (_what, play, message) => {
  const { error } = await failing(play);
  expect(error).toMatchObject({ code: 'server_error' });
  expect(String(error)).toMatch(message);
});
