import { expect, test } from 'vitest';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { ChatMessage, ChatRequest } from '../../src/engine/models/model.ts';
import { offlineModel } from '../../src/engine/models/offline.ts';
import { requestFor } from '../models/asking.ts';

const completionOf = async (text: string, rest: Partial<ChatRequest> = {}) => {
  const deltas: ChatDelta[] = [];
  await offlineModel.complete(requestFor(text, rest), (delta) => {
    deltas.push(delta);
    return undefined;
  });
  return deltas;
};

const textIn = (deltas: ChatDelta[]) => deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
const callsIn = (deltas: ChatDelta[]) =>
  deltas.flatMap((delta) =>
    delta.type === 'tool_call'
      ? [
          [
            delta.name,
            deltas
              .map((other) => (other.type === 'arguments' && other.index === delta.index ? other.arguments : ''))
              .join(''),
          ],
        ]
      : [],
  );
const tools = ['get_weather', 'get_time'].map((name) => ({ name }));

test('the offline model names itself and quotes the last message in several deltas', async () => {
  const deltas = await completionOf('Hello,  world');
  expect(textIn(deltas)).toBe('[offline model] You wrote: "Hello,  world"');
  expect(deltas.filter(({ type }) => type === 'text').length).toBeGreaterThan(2);
  expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
});

test('the offline model gives the same completion for the same prompt', async () => {
  expect(await completionOf('Hello')).toEqual(await completionOf('Hello'));
});

test('the offline model calls a function again if the run before has called it', async () => {
  const toolCalls = [{ id: 'call_1', name: 'get_time', arguments: '{}' }];
  const asked: ChatMessage[] = [
    { role: 'user', content: [{ type: 'text', text: 'get_time' }] },
    { role: 'assistant', content: '', toolCalls },
    { role: 'tool', toolCallId: 'call_1', content: 'noon' },
  ];
  const functions = { tools: [{ name: 'get_time' }] };
  expect(textIn(await completionOf('', { ...functions, messages: asked }))).toContain('get_time returned: noon');
  const ended: ChatMessage[] = [...asked, { role: 'assistant', content: 'It is noon.', toolCalls: [] }];
  expect(callsIn(await completionOf('', { ...functions, messages: ended }))).toEqual([['get_time', '{}']]);
});

test('a very long completion of the offline model has few deltas', async () => {
  const deltas = await completionOf('word '.repeat(10_000));
  expect(deltas.length).toBeLessThan(40);
  expect(textIn(deltas)).toContain('word '.repeat(10_000));
});

test.each([
  ['What is the weather?', []],
  ['Use get_weather.', [['get_weather', '{}']]],
  ['GET_WEATHER please', [['get_weather', '{}']]],
  ['Not forget_weather, nor get_weather_soon', []],
  [
    'get_time, and get_weather',
    [
      ['get_time', '{}'],
      ['get_weather', '{}'],
    ],
  ],
  [
    'get_weather {"city": "Paris", "days": [1, {"a": "}"}]}',
    [['get_weather', '{"city":"Paris","days":[1,{"a":"}"}]}']],
  ],
  [
    'get_weather and get_time {"city": "Paris"}',
    [
      ['get_weather', '{"city":"Paris"}'],
      ['get_time', '{"city":"Paris"}'],
    ],
  ],
  [
    'get_weather {"city": "Paris"}, get_time {"zone": "CET"}',
    [
      ['get_weather', '{"city":"Paris"}'],
      ['get_time', '{"zone":"CET"}'],
    ],
  ],
  [
    '{"get_time": {"zone": "CET"}, "get_weather": {"city": "Paris"}}',
    [
      ['get_time', '{"zone":"CET"}'],
      ['get_weather', '{"city":"Paris"}'],
    ],
  ],
  ['get_weather {broken {"city": "Paris"}', [['get_weather', '{"city":"Paris"}']]],
  ['get_weather {not json}', [['get_weather', '{}']]],
  ['get_weather then get_time', [['get_weather', '{}']]],
])('the offline model makes the calls that "%s" names', async (text, calls) => {
  expect(callsIn(await completionOf(text, { tools }))).toEqual(calls);
});

const city = {
  name: 'get_weather',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 }, unit: { enum: ['c', 'f'] } },
    required: ['city', 'days', 'unit'],
    additionalProperties: false,
  },
};
const smallest = { city: '', days: 1, unit: 'c' };

test.each([
  ['a message that names it', 'get_weather please', {}, smallest],
  ['a required call', 'hello', { toolChoice: 'required' }, smallest],
  [
    'a call that tool_choice names',
    'hello',
    { toolChoice: { type: 'function', function: { name: 'get_weather' } } },
    smallest,
  ],
  ['JSON without some of the members', 'get_weather {"city": "Paris"}', {}, { ...smallest, city: 'Paris' }],
] satisfies [string, string, Partial<ChatRequest>, object][])(
  'a strict function is called with arguments that fit its schema: %s',
  async (_, text, rest, expected) => {
    const [[name, written] = []] = callsIn(await completionOf(text, { tools: [city], ...rest }));
    expect(name).toBe('get_weather');
    expect(JSON.parse(written ?? '')).toEqual(expected);
  },
);

test('a function that is not strict is called with the arguments in the message as they are', async () => {
  const lenient = { ...city, strict: false };
  expect(callsIn(await completionOf('get_weather {"town": "Paris"}', { tools: [lenient] }))).toEqual([
    ['get_weather', '{"town":"Paris"}'],
  ]);
  expect(callsIn(await completionOf('get_weather', { tools: [lenient] }))).toEqual([
    ['get_weather', JSON.stringify(smallest)],
  ]);
});

test.each([{ type: 'constructor' }, { type: '__proto__' }, { type: 'string' }, { anyOf: 'x' }])(
  'a function whose parameters are %j is called without arguments',
  async (parameters) => {
    expect(callsIn(await completionOf('go', { tools: [{ name: 'go', strict: true, parameters }] }))).toEqual([
      ['go', '{}'],
    ]);
  },
);

test.each([
  [
    { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer', minimum: 3 } }, required: ['a', 'b'] },
    { a: '', b: 3 },
  ],
  [
    { properties: { list: { type: 'array', minItems: 2, items: { enum: ['x', 'y'] } } }, required: ['list'] },
    { list: ['x', 'x'] },
  ],
  [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, null],
  [
    {
      $ref: '#/$defs/city',
      $defs: { city: { type: 'object', properties: { name: { const: 'Paris' } }, required: ['name'] } },
    },
    { name: 'Paris' },
  ],
  [{ type: 'object', properties: { self: { $ref: '#' } } }, {}],
  [{ properties: { cold: { type: 'integer', maximum: -5 } }, required: ['cold'] }, { cold: -5 }],
  [
    { type: 'array', minItems: 1e9, items: { type: 'array', minItems: 1e9, items: { type: 'number' } } },
    expect.any(Array),
  ],
  [{}, {}],
])('the offline model writes an instance of the schema %j', async (schema, instance) => {
  const deltas = await completionOf('go', {
    responseFormat: { type: 'json_schema', json_schema: { name: 's', schema } },
  });
  expect(JSON.parse(textIn(deltas))).toEqual(instance);
});

test('the offline model writes JSON for response_format json_object', async () => {
  const deltas = await completionOf('go', { responseFormat: { type: 'json_object' } });
  expect(JSON.parse(textIn(deltas))).toEqual({ model: 'offline', message: 'go' });
});

test('the offline model stops at its token limit', async () => {
  const deltas = await completionOf('x'.repeat(1000), { maxTokens: 10 });
  expect(textIn(deltas)).toHaveLength(40);
  expect(deltas).toContainEqual({ type: 'usage', promptTokens: 254, completionTokens: 10 });
  expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'length' });
});

test('the offline model fails if the message requests it', async () => {
  await expect(completionOf('please fail')).rejects.toMatchObject({ code: 'server_error' });
  await expect(completionOf('please fail with invalid_prompt')).rejects.toMatchObject({ code: 'invalid_prompt' });
});

test('the offline model is as slow as the message requests, until it is aborted', async () => {
  const stop = new AbortController();
  const completion = completionOf('take 60 seconds', { signal: stop.signal });
  stop.abort();
  await expect(completion).rejects.toThrow('aborted');
});
