import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { ModelEndpointOptions } from '../../src/engine/models/endpoint/modelEndpoint.ts';
import type { ChatRequest } from '../../src/engine/models/model.ts';
import { ask, askTimes, outcomeOf, requestFor, tools } from './asking.ts';
import { done, events, type Play, startRawServer, streamed, whole } from './rawServer.ts';

const hello = streamed(
  events(
    { choices: [{ index: 0, delta: { content: 'Hi' } }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ) + done,
);
const rejected = (message: string, rest: object = {}, status = 400): Play =>
  whole({ error: { message, type: 'invalid_request_error', param: null, code: null, ...rest } }, { status });

const sent = async (request: ChatRequest, options: Partial<ModelEndpointOptions> = {}) => {
  const server = await startRawServer(hello);
  await ask(chatCompletionsModel({ baseUrl: server.url, ...options }), request);
  return server.requests[0];
};

test('a plain request sends nothing that is the default anyway', async () => {
  const server = await startRawServer(hello);
  const model = chatCompletionsModel({ baseUrl: server.url });
  await ask(model, requestFor('Hi'));
  expect(server.requests).toMatchObject([{ method: 'POST', path: '/v1/chat/completions' }]);
  expect(server.requests[0]?.body).toEqual({
    model: 'test-model',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('key, headers, query and the mapped model are sent', async () => {
  const request = await sent(requestFor('Hi', { model: 'gpt-4o' }), {
    apiKey: 'sk-secret-key',
    headers: { 'api-key': 'azure-key' },
    query: { 'api-version': '2024-10-21' },
    names: new Map([
      ['gpt-4o', 'qwen3:32b'],
      ['*', 'llama'],
    ]),
  });
  expect(request).toMatchObject({
    path: '/v1/chat/completions?api-version=2024-10-21',
    headers: { authorization: 'Bearer sk-secret-key', 'api-key': 'azure-key' },
    body: { model: 'qwen3:32b' },
  });
});

test('everything that a request says is sent', async () => {
  const json = {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: { type: 'object' }, strict: true },
  } as const;
  const request = await sent(
    requestFor('', {
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', url: 'https://example.com/a.png', detail: 'low' },
            { type: 'image_bytes', bytes: new Uint8Array([1, 2, 3]), mediaType: 'image/png' },
          ],
        },
        { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'look', arguments: '{"at":1}' }] },
        { role: 'tool', toolCallId: 'call_1', content: 'a cat' },
        { role: 'assistant', content: 'A cat.', toolCalls: [] },
      ],
      tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: true }],
      toolChoice: { type: 'function', function: { name: 'look' } },
      parallelToolCalls: false,
      responseFormat: json,
      reasoningEffort: 'low',
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 100,
    }),
  );
  expect(request?.body).toEqual({
    model: 'test-model',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{"at":1}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'a cat' },
      { role: 'assistant', content: 'A cat.' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    tools: [
      {
        type: 'function',
        function: { name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: true },
      },
    ],
    tool_choice: { type: 'function', function: { name: 'look' } },
    parallel_tool_calls: false,
    response_format: json,
    temperature: 0.5,
    top_p: 0.9,
    reasoning_effort: 'low',
    max_completion_tokens: 100,
  });
});

test('max_tokens is sent if it is configured', async () => {
  const request = await sent(requestFor('Hi', { maxTokens: 9 }), { maxTokensParameter: 'max_tokens' });
  expect(request?.body).toMatchObject({ max_tokens: 9 });
  expect(request?.body).not.toHaveProperty('max_completion_tokens');
});

const object: Partial<ChatRequest> = { responseFormat: { type: 'json_object' } };
const schema: Partial<ChatRequest> = {
  responseFormat: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
};
const oneCall: Partial<ChatRequest> = { tools: tools('look'), parallelToolCalls: false };

const pick = (body: Record<string, unknown>, names: string[]) =>
  Object.fromEntries(names.map((name) => [name, body[name]]));

test.each<[string, Partial<ChatRequest>, Play, object]>([
  [
    'stream_options',
    {},
    rejected('Unrecognized request argument supplied: stream_options'),
    { stream_options: undefined },
  ],
  [
    'stream_options',
    {},
    whole({ detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] }, { status: 422 }),
    { stream_options: undefined },
  ],
  [
    'stream_options',
    {},
    streamed(events({ error: { message: 'stream_options is not supported', type: 'invalid_request_error' } })),
    { stream_options: undefined },
  ],
  [
    'max_completion_tokens',
    { maxTokens: 9 },
    rejected('Unknown field: max_completion_tokens'),
    { max_tokens: 9, max_completion_tokens: undefined },
  ],
  [
    'parallel_tool_calls',
    oneCall,
    rejected("Unsupported parameter: 'parallel_tool_calls' is not supported with this model.", {
      param: 'parallel_tool_calls',
      code: 'unsupported_parameter',
    }),
    { parallel_tool_calls: undefined },
  ],
  [
    'temperature',
    { temperature: 0.2 },
    rejected(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      { param: 'temperature', code: 'unsupported_value' },
    ),
    { temperature: undefined },
  ],
  [
    'reasoning_effort',
    { reasoningEffort: 'low' },
    rejected('reasoning_effort: unknown parameter'),
    { reasoning_effort: undefined },
  ],
  [
    'json_object',
    object,
    rejected("'response_format.type' must be 'json_schema' or 'text'"),
    { response_format: { type: 'json_schema', json_schema: { name: 'object', schema: { type: 'object' } } } },
  ],
  [
    'json_schema',
    schema,
    rejected('response_format json_schema is not supported by this model'),
    {
      response_format: { type: 'json_object' },
      messages: [
        { role: 'system', content: expect.stringContaining('{"type":"object"}') },
        { role: 'user', content: 'Hi' },
      ],
    },
  ],
  [
    'strict',
    { tools: [{ name: 'look', strict: true }] },
    rejected("Unknown parameter: 'tools[0].function.strict'"),
    { tools: [{ type: 'function', function: { name: 'look' } }] },
  ],
])('%s that an endpoint rejects is done without, and that is learnt once', async (name, rest, rejection, expected) => {
  const lines: string[] = [];
  const server = await startRawServer(rejection, hello);
  const model = chatCompletionsModel({ baseUrl: server.url, log: (line) => lines.push(line) });
  expect(await askTimes(2, model, requestFor('Hi', rest))).toMatchObject([{ text: 'Hi' }, { text: 'Hi' }]);
  const bodies = server.requests.map(({ body }) => body);
  expect(bodies).toHaveLength(3);
  const membersOf = (body = {}) => pick(body, Object.keys(expected));
  expect(membersOf(bodies[0])).not.toEqual(expected);
  expect(bodies.slice(1).map(membersOf)).toEqual([expected, expected]);
  expect(lines).toEqual([expect.stringContaining(`does not take ${name}`)]);
});

test('max_completion_tokens is sent if max_tokens is configured and rejected', async () => {
  const message =
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  const server = await startRawServer(rejected(message, { param: 'max_tokens', code: 'unsupported_parameter' }), hello);
  const model = chatCompletionsModel({ baseUrl: server.url, maxTokensParameter: 'max_tokens' });
  await ask(model, requestFor('Hi', { maxTokens: 9 }));
  expect(server.requests[1]?.body).toMatchObject({ max_completion_tokens: 9 });
  expect(server.requests[1]?.body).not.toHaveProperty('max_tokens');
});

test('several things that are rejected one after the other are all done without', async () => {
  const server = await startRawServer(
    rejected('Unknown field: stream_options'),
    rejected('response_format json_object is not supported'),
    rejected('response_format json_schema is not supported'),
    hello,
  );
  const model = chatCompletionsModel({ baseUrl: server.url });
  await ask(model, requestFor('Hi', object));
  expect(server.requests).toHaveLength(4);
  expect(server.requests[3]?.body).toMatchObject({
    messages: [{ content: expect.stringContaining('JSON object') }, {}],
  });
  expect(server.requests[3]?.body).not.toHaveProperty('response_format');
});

test('what one model rejects is still sent to another', async () => {
  const server = await startRawServer(rejected('Unknown field: stream_options'), hello);
  const model = chatCompletionsModel({ baseUrl: server.url });
  await ask(model, requestFor('Hi', { model: 'old' }));
  await ask(model, requestFor('Hi', { model: 'new' }));
  expect(server.requests.map(({ body }) => ['stream_options' in body, body['model']])).toEqual([
    [true, 'old'],
    [false, 'old'],
    [true, 'new'],
  ]);
});

test.each([
  ["Invalid schema for response_format 'a': 'additionalProperties' is required to be false.", schema],
  ["Invalid 'temperature': decimal above maximum value. Expected a value <= 1, but got 2 instead.", { temperature: 2 }],
])('a value that is wrong is an error, not done without: %s', async (message, rest) => {
  const server = await startRawServer(rejected(message), hello);
  const { error } = await outcomeOf(chatCompletionsModel({ baseUrl: server.url }), requestFor('Hi', rest));
  expect(error).toMatchObject({ code: 'invalid_prompt' });
  expect(String(error)).toContain(message);
  expect(server.requests).toHaveLength(1);
});
