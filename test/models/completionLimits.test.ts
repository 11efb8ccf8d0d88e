import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import { ask, outcomeOf, requestFor, tools } from './asking.ts';
import { completion, textChunk } from './chatStream.ts';
import { completionRequests, startEngineOver } from './engineOver.ts';
import { type Play, startRawServer, whole } from './rawServer.ts';

const hello = completion([textChunk('Hi')], 'stop');
const rejected = (message: string): Play => whole({ error: { message, code: null } }, { status: 400 });
const limitsIn = (server: { requests: { body?: unknown }[] }) =>
  server.requests.map(({ body }) => (body as { max_completion_tokens?: number }).max_completion_tokens);

const openWith = async (...plays: [Play, ...Play[]]) => {
  const server = await startRawServer(...plays);
  return { server, model: chatCompletionsModel({ baseUrl: server.url, maxRetries: 0 }) };
};

test.each([
  [
    'max_tokens is too large: 50000. This model supports at most 16384 completion tokens, whereas you provided 50000.',
    16_384,
  ],
  ["Invalid 'max_tokens': integer above maximum value. Expected a value <= 12288, but got 50000 instead.", 12_288],
  ['Invalid max_tokens value, the valid range of max_tokens is [1, 8192]', 8192],
  [
    '`max_tokens` must be less than or equal to `8,192`, the maximum value for `max_tokens` is less than `context_window`',
    8192,
  ],
  ['max_tokens: 50000 > 8192, which is the maximum allowed number of output tokens', 8192],
])('a limit of the model is sent from then on: %s', async (message, limit) => {
  const { server, model } = await openWith(rejected(message), hello);
  await ask(model, requestFor('Hi', { maxTokens: 50_000 }));
  await ask(model, requestFor('Hi', { maxTokens: 40_000 }));
  await ask(model, requestFor('Hi', { maxTokens: 100 }));
  expect(limitsIn(server)).toEqual([50_000, limit, limit, 100]);
});

test.each([
  "'max_tokens' or 'max_completion_tokens' is too large: 50000. This model's maximum context length is 8192 tokens and your request has 20 input tokens (50000 > 8192 - 20).",
  "This model's maximum context length is 8192 tokens. However, you requested 50020 tokens (20 in the messages, 50000 in the completion). Please reduce the length of the messages or completion.",
  "This model's maximum context length is 8192 tokens. However, you requested 50020 tokens (12 in the messages, 8 in the functions, and 50000 in the completion). Please reduce the length of the messages, functions, or completion.",
  "This endpoint's maximum context length is 8192 tokens. However, you requested about 50020 tokens (12 of text input, 8 of tool input, 50000 in the output). Please reduce the length of either one.",
  "Requested token count exceeds the model's maximum context length of 8192 tokens. You requested a total of 50020.0 tokens: 20 tokens from the input messages and 50000.0 tokens for the completion.",
])('a completion gets what the prompt leaves of the context: %s', async (message) => {
  const { server, model } = await openWith(rejected(message), hello);
  await ask(model, requestFor('Hi', { maxTokens: 50_000 }));
  expect(limitsIn(server)).toEqual([50_000, 8172]);
});

test('a prompt that leaves too little of the context is too long', async () => {
  const { server, model } = await openWith(
    rejected(
      "This model's maximum context length is 8192 tokens and your request has 8000 input tokens (50000 > 8192 - 8000).",
    ),
    hello,
  );
  const { error } = await outcomeOf(model, requestFor('Hi', { maxTokens: 50_000 }));
  expect(error).toMatchObject({ code: 'context_length_exceeded' });
  expect(server.requests).toHaveLength(1);
});

test('a limit below a quarter of the context may be lowered by a few tokens', async () => {
  const { server, model } = await openWith(
    rejected(
      "This model's maximum context length is 8192 tokens. However, you requested 8300 tokens (7300 in the messages, 1000 in the completion).",
    ),
    hello,
  );
  await ask(model, requestFor('Hi', { maxTokens: 1000 }));
  expect(limitsIn(server)).toEqual([1000, 892]);
});

const atLeast = (output: number): Play =>
  rejected(
    `This model's maximum context length is 8192 tokens. However, you requested ${output} output tokens and your prompt contains at least ${8193 - output} input tokens, for a total of at least 8193 tokens.`,
  );

test('a limit is halved if the endpoint does not say how many tokens the prompt has, or is wrong', async () => {
  const lengthOnly = rejected('max_tokens=50000 cannot be greater than max_model_len=max_total_tokens=8192.');
  const unknown = await openWith(lengthOnly, atLeast(4096), hello);
  await ask(unknown.model, requestFor('Hi', { maxTokens: 50_000 }));
  expect(limitsIn(unknown.server)).toEqual([50_000, 4096, 2048]);
  const tooLarge = "'max_tokens' is too large. This model's maximum context length is 8192 tokens";
  const wrong = rejected(`${tooLarge} and your request has 20 input tokens.`);
  const { server, model } = await openWith(wrong, wrong, hello);
  await ask(model, requestFor('Hi', { maxTokens: 50_000 }));
  expect(limitsIn(server)).toEqual([50_000, 8172, 4086]);
});

test('an endpoint that rejects every limit is not asked for ever', async () => {
  const limits = [9000, 8000, 7000, 6000].map((limit) => rejected(`max_tokens: expected a value <= ${limit}`));
  const { server, model } = await openWith(limits[0] ?? hello, ...limits.slice(1));
  const { error } = await outcomeOf(model, requestFor('Hi', { maxTokens: 50_000 }));
  expect(error).toMatchObject({ code: 'invalid_prompt' });
  expect(limitsIn(server)).toEqual([50_000, 9000, 8000]);
});

test('a run whose limit is above what one completion may have is completed, its limit for tools and template included', async () => {
  const list = whole({ object: 'list', data: [{ id: 'm', object: 'model', max_model_len: 8192 }] });
  const { client, server } = await startEngineOver([hello], { list });
  await client.get('/models');
  const assistant = await client.assistant({
    model: 'm',
    tools: tools('look').map((fn) => ({ type: 'function', function: fn })),
  });
  const thread = { messages: [{ role: 'user', content: 'Hi' }] };
  const run = await client.post<never>('/threads/runs', {
    assistant_id: assistant.id,
    thread,
    max_completion_tokens: 10_000,
  });
  await client.until(run, 'completed');
  const [body] = completionRequests(server) as { max_completion_tokens: number; tools: unknown }[];
  const toolTokens = JSON.stringify(body?.tools).length / 4;
  expect(body?.max_completion_tokens).toBeLessThan(8192 - 50 - toolTokens / 2);
  expect(body?.max_completion_tokens).toBeGreaterThan(7900);
});

test.each(['auto', 'last_messages'] as const)(
  'the context in the error that rejects a limit applies to later runs, with truncation %s',
  async (type) => {
    const tooLarge = rejected(
      "'max_tokens' or 'max_completion_tokens' is too large: 50000. This model's maximum context length is 8192 tokens and your request has 20 input tokens (50000 > 8192 - 20).",
    );
    const { client, server } = await startEngineOver([tooLarge, hello]);
    const assistant = await client.assistant({ model: 'm' });
    const truncation = type === 'auto' ? { type } : { type, last_messages: 1 };
    for (let run = 0; run < 2; run += 1) {
      const created = await client.post<never>('/threads/runs', {
        assistant_id: assistant.id,
        thread: { messages: [{ role: 'user', content: 'Hi' }] },
        max_completion_tokens: 50_000,
        truncation_strategy: truncation,
      });
      await client.until(created, 'completed');
    }
    const [first, second, third, ...more] = completionRequests(server).map((body) => body['max_completion_tokens']);
    expect([first, second, more]).toEqual([50_000, 8172, []]);
    expect(third).toBeLessThan(8172);
    expect(third).toBeGreaterThan(7900);
  },
);
