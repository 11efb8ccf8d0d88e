import { describe, expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { Model } from '../../src/engine/models/model.ts';
import { offlineModel } from '../../src/engine/models/offline.ts';
import { responsesModel } from '../../src/engine/models/responses/model.ts';
import { ask, outcomeOf, requestFor, takeOne, tools, written } from './asking.ts';
import { endpointOver } from './endpointOver.ts';
import { chatWire, responsesWire } from './wires.ts';

const limits = { maxConcurrentCalls: 4 };

/** Every implementation, in front of the same model: what it writes must be the same. */
const implementations: [string, () => Promise<Model>][] = [
  ['offline', () => Promise.resolve(offlineModel)],
  [
    'Chat Completions',
    async () => chatCompletionsModel({ baseUrl: (await endpointOver(offlineModel, chatWire)).url, limits }),
  ],
  ['Responses', async () => responsesModel({ baseUrl: (await endpointOver(offlineModel, responsesWire)).url, limits })],
];

describe.each(implementations)('%s', (_name, open) => {
  test('writes text in pieces, usage once, and a finish that comes last', async () => {
    const { deltas, error } = await outcomeOf(await open(), requestFor('Hello, world'));
    expect(error).toBeUndefined();
    expect(deltas.filter(({ type }) => type === 'text').length).toBeGreaterThan(2);
    expect(written(deltas)).toMatchObject({
      text: '[offline model] You wrote: "Hello, world"',
      calls: [],
      finish: ['stop'],
    });
    expect(deltas.filter(({ type }) => type === 'usage')).toMatchObject([{ promptTokens: 7, completionTokens: 11 }]);
    expect(deltas.at(-1)?.type).toBe('finish');
  });

  test('calls functions in parallel, numbered from 0', async () => {
    const request = requestFor('get_time and get_weather {"city": "Paris"}', {
      tools: tools('get_weather', 'get_time'),
    });
    const { deltas } = await outcomeOf(await open(), request);
    expect(deltas.flatMap((delta) => (delta.type === 'tool_call' ? [delta.index] : []))).toEqual([0, 1]);
    expect(written(deltas)).toMatchObject({
      calls: [
        { name: 'get_time', arguments: '{"city":"Paris"}' },
        { name: 'get_weather', arguments: '{"city":"Paris"}' },
      ],
      finish: ['tool_calls'],
    });
  });

  test('calls one function if parallel calls are off', async () => {
    const request = requestFor('get_time and get_weather', {
      tools: tools('get_weather', 'get_time'),
      parallelToolCalls: false,
    });
    expect((await ask(await open(), request)).calls).toEqual([{ name: 'get_time', arguments: '{}' }]);
  });

  test('sees earlier calls and their outputs', async () => {
    const call = { id: 'call_1', name: 'get_time', arguments: '{}' };
    const request = requestFor('', {
      tools: tools('get_time'),
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'get_time' }] },
        { role: 'assistant', content: '', toolCalls: [call] },
        { role: 'tool', toolCallId: 'call_1', content: 'noon' },
      ],
    });
    expect(await ask(await open(), request)).toMatchObject({
      text: '[offline model] get_time returned: noon',
      finish: ['stop'],
    });
  });

  test('finishes by length at its limit of tokens', async () => {
    expect(await ask(await open(), requestFor('long '.repeat(100), { maxTokens: 10 }))).toMatchObject({
      usage: { completionTokens: 10 },
      finish: ['length'],
    });
  });

  test.each([
    ['please fail', 'server_error'],
    ['please fail with rate_limit_exceeded', 'rate_limit_exceeded'],
    ['please fail with invalid_prompt', 'invalid_prompt'],
  ])('rejects with a ModelError: %s', async (text, code) => {
    expect(await outcomeOf(await open(), requestFor(text))).toMatchObject({
      deltas: [],
      error: { name: 'ModelError', code },
    });
  });

  test('keeps what it wrote before it failed, and does not finish', async () => {
    const { deltas, error } = await outcomeOf(await open(), requestFor('please fail halfway'));
    expect(error).toMatchObject({ name: 'ModelError', code: 'server_error' });
    expect(written(deltas).text).toMatch(/^\[offline model\]/);
    expect(written(deltas).finish).toEqual([]);
  });

  test('rejects with the reason of an abort, before it starts and while it writes', async () => {
    const model = await open();
    const reason = new Error('cancelled');
    expect((await outcomeOf(model, requestFor('Hi', { signal: AbortSignal.abort(reason) }))).error).toMatchObject({
      message: expect.stringMatching(/cancelled|aborted/),
    });
    const controller = new AbortController();
    const completed = model.complete(requestFor('take 60 seconds', { signal: controller.signal }), () => undefined);
    controller.abort(reason);
    await expect(completed).rejects.toThrow(/cancelled|aborted/);
  });

  test('frees its place however a completion ends', async () => {
    const model = await open();
    const free = model.freeCalls();
    expect(free).toBeGreaterThan(0);
    await outcomeOf(model, requestFor('Hi'));
    await outcomeOf(model, requestFor('please fail'));
    await takeOne(model, requestFor('Hello, world'));
    expect(model.freeCalls()).toBe(free);
  });

  test('lists its models', async () => {
    const { models } = await (await open()).listModels(new AbortController().signal);
    expect(models.map(({ id }) => id)).toEqual(['offline']);
  });
});
