import { LLMock } from '@copilotkit/aimock';
import { expect, onTestFinished, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import { responsesModel } from '../../src/engine/models/responses/model.ts';
import { ask, outcomeOf, requestFor, tools } from './asking.ts';

/** A mock server that is made for tests of other clients, and knows nothing of this one. */
const startMock = async () => {
  const mock = new LLMock({ port: 0, latency: 0, chunkSize: 4 });
  mock.onMessage('hello', { content: 'Hello from the mock.', reasoning: 'Let me think.' });
  mock.onMessage('both', {
    toolCalls: [
      { name: 'get_weather', arguments: '{"city":"Paris"}' },
      { name: 'get_time', arguments: '{"zone":"CET"}' },
    ],
  });
  mock.onMessage('filtered', { content: 'No', finishReason: 'content_filter' });
  mock.onMessage('cut', { content: 'A text that the server cuts off.' }, { disconnectAfterMs: 30, latency: 20 });
  mock.onMessage('limited', {
    error: { message: 'Slow down.', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    status: 429,
  });
  await mock.start();
  onTestFinished(() => mock.stop());
  return mock;
};

const apis = [
  ['Chat Completions', chatCompletionsModel],
  ['Responses', responsesModel],
] as const;

test.each(apis)('%s: text, usage and finish of a server that nobody here wrote', async (_name, open) => {
  const mock = await startMock();
  const model = open({ baseUrl: `${mock.url}/v1`, apiKey: 'sk-mock-key' });
  expect(await ask(model, requestFor('hello', { model: 'gpt-4o' }))).toMatchObject({
    text: 'Hello from the mock.',
    usage: { promptTokens: expect.any(Number), completionTokens: expect.any(Number) },
    finish: ['stop'],
  });
});

test.each(apis)('%s: parallel calls, and their outputs sent back', async (_name, open) => {
  const mock = await startMock();
  const model = open({ baseUrl: `${mock.url}/v1` });
  const { calls, finish } = await ask(model, requestFor('both', { tools: tools('get_weather', 'get_time') }));
  expect({ calls, finish }).toEqual({
    calls: [
      { name: 'get_weather', arguments: '{"city":"Paris"}' },
      { name: 'get_time', arguments: '{"zone":"CET"}' },
    ],
    finish: ['tool_calls'],
  });
});

test.each(apis)('%s: a stream that the server cuts off is an error', async (_name, open) => {
  const mock = await startMock();
  const { error } = await outcomeOf(open({ baseUrl: `${mock.url}/v1`, maxRetries: 0 }), requestFor('cut'));
  expect(error).toMatchObject({ name: 'ModelError', code: 'server_error' });
});

test.each(apis)('%s: a rate limit is one', async (_name, open) => {
  const mock = await startMock();
  const { error } = await outcomeOf(open({ baseUrl: `${mock.url}/v1`, maxRetries: 0 }), requestFor('limited'));
  expect(error).toMatchObject({ name: 'ModelError', code: 'rate_limit_exceeded' });
});

test('Chat Completions: a filtered completion finishes so', async () => {
  const mock = await startMock();
  const model = chatCompletionsModel({ baseUrl: `${mock.url}/v1` });
  expect(await ask(model, requestFor('filtered'))).toMatchObject({ finish: ['content_filter'] });
});
