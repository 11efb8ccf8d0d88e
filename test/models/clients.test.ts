import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startOverHttp } from '../engine/overHttp.ts';
import { subscription } from '../live/subscription.ts';
import { startFacadeOver } from '../support/facade.ts';
import { callChunks, completion, textChunk, usageChunk } from './chatStream.ts';
import { startModel } from './engineOver.ts';
import { events, unending, whole } from './rawServer.ts';

/** Two rounds: a pair of calls, then text. */
const script = [
  completion(
    [...callChunks(0, 'weather', '{"city":"Oslo"}'), ...callChunks(1, 'weather', '{"city":"Rome"}')],
    'tool_calls',
    usageChunk(20, 8, 4),
  ),
  completion([textChunk('Rain '), textChunk('in both.')], 'stop', usageChunk(40, 3, 16)),
] as const;
const usage = {
  prompt_tokens: 60,
  completion_tokens: 11,
  total_tokens: 71,
  prompt_token_details: { cached_tokens: 20 },
};
const weather = { type: 'function', function: { name: 'weather' } } as const;
const list = whole({ object: 'list', data: [{ id: 'qwen', object: 'model', created: 5, owned_by: 'us' }] });

const start = async (...plays: Parameters<typeof startModel>[0]) => {
  const { server, model } = await startModel(plays, { list });
  const { url } = await startOverHttp({ model });
  return { server, baseURL: `${url}/v1` };
};
const sdkOf = (baseURL: string) => new OpenAI({ apiKey: 'any', baseURL, maxRetries: 0 });
const outputsFor = (run: OpenAI.Beta.Threads.Run) =>
  (run.required_action?.submit_tool_outputs.tool_calls ?? []).map(({ id }) => ({ tool_call_id: id, output: 'rain' }));

test('the official SDK lists the models, and polls a run of a real model through its calls', async () => {
  const sdk = sdkOf((await start(...script)).baseURL);
  expect((await sdk.models.list()).data).toEqual([{ id: 'qwen', object: 'model', created: 5, owned_by: 'us' }]);
  const { assistants, threads } = sdk.beta;
  const { id: assistant_id } = await assistants.create({ model: 'qwen', tools: [weather] });
  const { id: thread_id } = await threads.create({ messages: [{ role: 'user', content: 'Where does it rain?' }] });
  const waiting = await threads.runs.createAndPoll(thread_id, { assistant_id });
  expect(waiting.status).toBe('requires_action');
  const tool_outputs = outputsFor(waiting);
  const run = await threads.runs.submitToolOutputsAndPoll(waiting.id, { thread_id, tool_outputs });
  expect(run).toMatchObject({ status: 'completed', usage });
  const [message] = (await threads.messages.list(thread_id)).data;
  expect(message?.content).toEqual([{ type: 'text', text: { value: 'Rain in both.', annotations: [] } }]);
});

test('the official SDK streams a run of a real model through its calls', async () => {
  const { assistants, threads } = sdkOf((await start(...script)).baseURL).beta;
  const { id: assistant_id } = await assistants.create({ model: 'qwen', tools: [weather] });
  const { id: thread_id } = await threads.create({ messages: [{ role: 'user', content: 'Where does it rain?' }] });
  const first = threads.runs.stream(thread_id, { assistant_id });
  const waiting = await first.finalRun();
  const [callStep] = await first.finalRunSteps();
  expect(callStep?.step_details).toMatchObject({
    tool_calls: [
      { function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      { function: { name: 'weather', arguments: '{"city":"Rome"}' } },
    ],
  });
  const tool_outputs = outputsFor(waiting);
  const second = threads.runs.submitToolOutputsStream(waiting.id, { thread_id, tool_outputs });
  const pieces: string[] = [];
  second.on('textDelta', ({ value }) => pieces.push(value ?? ''));
  expect(await second.finalRun()).toMatchObject({ status: 'completed', usage });
  expect(pieces).toEqual(['Rain ', 'in both.']);
});

test('the official SDK sees what a run of a failing model ends with', async () => {
  const failing = whole({ error: { message: 'overloaded' } }, { status: 400 });
  const { assistants, threads } = sdkOf((await start(failing)).baseURL).beta;
  const { id: assistant_id } = await assistants.create({ model: 'qwen' });
  const thread = { messages: [{ role: 'user' as const, content: 'Hi' }] };
  expect(await threads.createAndRunPoll({ assistant_id, thread })).toMatchObject({
    status: 'failed',
    last_error: {
      code: 'invalid_prompt',
      message: 'The model endpoint rejected the request (status 400); it said: overloaded',
    },
  });
});

const startGraph = async (...plays: Parameters<typeof startModel>[0]) => {
  const { baseURL } = await start(...plays);
  const { query, url } = await startFacadeOver(baseURL);
  const created = await query<{ createAssistant: { assistant: { assistantId: string } } }>(
    'mutation { createAssistant(input: { model: "qwen", tools: [{ function: { name: "weather" } }] }) { assistant { assistantId } } }',
  );
  return { query, url, assistantId: created.data?.createAssistant.assistant.assistantId };
};
const createStream = `subscription ($assistantId: ID!) {
  createThreadAndRunStream(input: { assistantId: $assistantId, thread: { messages: [{ role: USER, content: [{ text: "Hi" }] }] } }) {
    event
    ... on RunStateStreamEvent { run { threadId runId status requiredAction { submitToolOutputs { toolCalls { id function { name arguments } } } } } }
    ... on MessageDeltaStreamEvent { text }
  }
}`;

interface StreamedRun {
  event: string;
  text?: string;
  run?: {
    threadId: string;
    runId: string;
    status: string;
    requiredAction?: { submitToolOutputs: { toolCalls: { id: string; function: object }[] } } | null;
  };
}

test('a GraphQL subscription follows a run of a real model through its calls', async () => {
  const { query, url, assistantId } = await startGraph(...script);
  const seen: StreamedRun[] = [];
  const results = subscription<{ createThreadAndRunStream: StreamedRun }>('a WebSocket', url, {
    query: createStream,
    variables: { assistantId },
  });
  for await (const { data } of results) if (data) seen.push(data.createThreadAndRunStream);
  const waiting = seen.at(-1)?.run;
  const calls = waiting?.requiredAction?.submitToolOutputs.toolCalls ?? [];
  expect(waiting?.status).toBe('REQUIRES_ACTION');
  expect(calls.map((call) => call.function)).toEqual([
    { name: 'weather', arguments: '{"city":"Oslo"}' },
    { name: 'weather', arguments: '{"city":"Rome"}' },
  ]);
  const submitted = await query(
    `mutation ($threadId: ID!, $runId: ID!, $outputs: [ToolOutputInput!]!) {
      submitToolOutputsToRun(input: { threadId: $threadId, runId: $runId, toolOutputs: $outputs, waitSeconds: 20 }) {
        run {
          status
          usage { promptTokens completionTokens totalTokens }
          steps { nodes { type status usage { totalTokens } } }
          messages { nodes { role status text } }
        }
      }
    }`,
    {
      threadId: waiting?.threadId,
      runId: waiting?.runId,
      outputs: calls.map(({ id }) => ({ toolCallId: id, output: 'rain' })),
    },
  );
  expect(submitted).toEqual({
    data: {
      submitToolOutputsToRun: {
        run: {
          status: 'COMPLETED',
          usage: { promptTokens: 60, completionTokens: 11, totalTokens: 71 },
          steps: {
            nodes: [
              { type: 'MESSAGE_CREATION', status: 'COMPLETED', usage: { totalTokens: 43 } },
              { type: 'TOOL_CALLS', status: 'COMPLETED', usage: { totalTokens: 28 } },
            ],
          },
          messages: { nodes: [{ role: 'ASSISTANT', status: 'COMPLETED', text: 'Rain in both.' }] },
        },
      },
    },
  });
});

test('a GraphQL client sees the first token of a model that has not finished, and cancels the run', async () => {
  const { query, url, assistantId } = await startGraph(unending(events(textChunk('Once upon'))));
  const results = subscription<{ createThreadAndRunStream: StreamedRun }>('server-sent events', url, {
    query: createStream,
    variables: { assistantId },
  });
  const seen: StreamedRun[] = [];
  for await (const { data } of results) {
    if (!data) continue;
    const event = data.createThreadAndRunStream;
    seen.push(event);
    if (event.text !== 'Once upon') continue;
    const run = seen.find((each) => each.run !== undefined)?.run;
    const cancel = 'mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { status } } }';
    await query(cancel, { input: { threadId: run?.threadId, runId: run?.runId } });
  }
  expect(seen.map(({ event }) => event).slice(-5)).toEqual([
    'thread.message.delta',
    'thread.run.cancelling',
    'thread.message.incomplete',
    'thread.run.step.cancelled',
    'thread.run.cancelled',
  ]);
});
