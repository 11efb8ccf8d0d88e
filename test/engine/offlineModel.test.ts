import { expect, test } from 'vitest';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { ChatRequest } from '../../src/engine/models/model.ts';
import { offlineModel } from '../../src/engine/models/offline.ts';

const ask = async (text: string, rest: Partial<ChatRequest> = {}) => {
  const deltas: ChatDelta[] = [];
  const request: ChatRequest = {
    model: 'any',
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    tools: [],
    hostedTools: [],
    toolChoice: 'auto',
    parallelToolCalls: true,
    responseFormat: 'auto',
    reasoningEffort: null,
    temperature: null,
    topP: null,
    maxTokens: null,
    signal: new AbortController().signal,
    ...rest,
  };
  for await (const delta of offlineModel.complete(request)) deltas.push(delta);
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

test('it says what it is and quotes the last message, in several pieces', async () => {
  const deltas = await ask('Hello,  world');
  expect(textIn(deltas)).toBe('[offline model] You wrote: "Hello,  world"');
  expect(deltas.filter(({ type }) => type === 'text').length).toBeGreaterThan(2);
  expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
});

test('it answers the same to the same', async () => {
  expect(await ask('Hello')).toEqual(await ask('Hello'));
});

test('a very long answer still comes in few pieces', async () => {
  const deltas = await ask('word '.repeat(10_000));
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
])('"%s" makes its calls', async (text, calls) => {
  expect(callsIn(await ask(text, { tools }))).toEqual(calls);
});

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
  [
    { type: 'array', minItems: 1e9, items: { type: 'array', minItems: 1e9, items: { type: 'number' } } },
    expect.any(Array),
  ],
  [{}, {}],
])('asked for the schema %j it answers with an instance', async (schema, instance) => {
  const deltas = await ask('go', { responseFormat: { type: 'json_schema', json_schema: { name: 's', schema } } });
  expect(JSON.parse(textIn(deltas))).toEqual(instance);
});

test('asked for JSON it answers JSON', async () => {
  const deltas = await ask('go', { responseFormat: { type: 'json_object' } });
  expect(JSON.parse(textIn(deltas))).toEqual({ model: 'offline', message: 'go' });
});

test('it stops where its tokens end', async () => {
  const deltas = await ask('x'.repeat(1000), { maxTokens: 10 });
  expect(textIn(deltas)).toHaveLength(40);
  expect(deltas).toContainEqual({ type: 'usage', promptTokens: 254, completionTokens: 10 });
  expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'length' });
});

test('it fails when asked to', async () => {
  await expect(ask('please fail')).rejects.toMatchObject({ code: 'server_error' });
  await expect(ask('please fail with invalid_prompt')).rejects.toMatchObject({ code: 'invalid_prompt' });
});

test('it takes its time when asked to, until it is stopped', async () => {
  const stop = new AbortController();
  const answer = ask('take 60 seconds', { signal: stop.signal });
  stop.abort();
  await expect(answer).rejects.toThrow('aborted');
});
