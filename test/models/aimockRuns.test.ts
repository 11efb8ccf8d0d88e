import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import { responsesModel } from '../../src/engine/models/responses/model.ts';
import { startOverHttp } from '../engine/overHttp.ts';

/** A mock server that is made for tests of other clients: calls two functions, and then completes the text. */
const startMock = async () => {
  const mock = new LLMock({ port: 0, latency: 0, chunkSize: 4 });
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: 'Rain in both.' });
  mock.on(
    { userMessage: 'weather' },
    {
      toolCalls: [
        { name: 'weather', arguments: '{"city":"Oslo"}' },
        { name: 'weather', arguments: '{"city":"Rome"}' },
      ],
    },
  );
  await mock.start();
  onTestFinished(() => mock.stop());
  return mock;
};

test.each([
  ['Chat Completions', chatCompletionsModel],
  ['Responses', responsesModel],
])(
  'a run on %s of a server that nobody here wrote goes through its calls, with the official SDK',
  async (_api, open) => {
    const mock = await startMock();
    const { url } = await startOverHttp({ model: open({ baseUrl: `${mock.url}/v1`, apiKey: 'sk-mock-key' }) });
    const { assistants, threads } = new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0 }).beta;
    const tools = [{ type: 'function' as const, function: { name: 'weather' } }];
    const { id: assistant_id } = await assistants.create({ model: 'gpt-4o', tools });
    const { id: thread_id } = await threads.create({ messages: [{ role: 'user', content: 'The weather?' }] });

    const waiting = await threads.runs.stream(thread_id, { assistant_id }).finalRun();
    const calls = waiting.required_action?.submit_tool_outputs.tool_calls ?? [];
    expect(calls.map((call) => call.function.arguments)).toEqual(['{"city":"Oslo"}', '{"city":"Rome"}']);
    const tool_outputs = calls.map(({ id }) => ({ tool_call_id: id, output: 'rain' }));
    const stream = threads.runs.submitToolOutputsStream(waiting.id, { thread_id, tool_outputs });
    const [message] = await stream.finalMessages();
    expect(message?.content).toMatchObject([{ type: 'text', text: { value: 'Rain in both.', annotations: [] } }]);
    const run = await threads.runs.retrieve(waiting.id, { thread_id });
    expect(run).toMatchObject({ status: 'completed', usage: { total_tokens: expect.any(Number) } });
    const steps = (await threads.runs.steps.list(run.id, { thread_id, order: 'asc' })).data;
    const sum = steps.reduce((total, { usage }) => total + (usage?.total_tokens ?? 0), 0);
    expect(run.usage?.total_tokens).toBe(sum);
  },
);
