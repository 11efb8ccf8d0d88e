import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import type { CodeRequest, CodeRunner } from '../../src/engine/codeInterpreter/codeRunner.ts';
import { openEngine } from './openEngine.ts';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { callChunks, completion, textChunk, usageChunk } from '../models/chatStream.ts';
import { completionRequests, startEngineOver } from '../models/engineOver.ts';
import { events, streamed } from '../models/rawServer.ts';
import { callsOf, clientOf, functionTool, scriptedModel, startClient, textOf } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { startOverHttp } from './overHttp.ts';

const interpreter = { type: 'code_interpreter' };
const block = (code: string) => `Please run\n\`\`\`python\n${code}\n\`\`\``;

/** A runner that returns the code in capitals, or what `respond` returns. */
const scriptedRunner = (
  respond: (code: string, signal: AbortSignal) => Promise<string> = (code) => Promise.resolve(code.toUpperCase()),
) => {
  const requests: Omit<CodeRequest, 'files'>[] = [];
  const runner: CodeRunner = {
    name: 'scripted',
    problem: undefined,
    run: async ({ sessionId, code }, signal) => {
      requests.push({ sessionId, code });
      return { logs: await respond(code, signal), images: [], files: [], notes: [], isNewSession: false };
    },
    close: () => Promise.resolve(),
  };
  return { runner, requests };
};

const startWithRunner = async (respond?: Parameters<typeof scriptedRunner>[0]) => {
  const { runner, requests } = scriptedRunner(respond);
  const client = await startClient({ codeRunner: runner });
  const eventsOf = (run: RestRun) => client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  const lastText = async (run: RestRun) => textOf((await client.messages(run.thread_id)).data.at(-1));
  return { client, requests, eventsOf, lastText };
};

test('a run with the code interpreter runs the code by itself and stays in progress until it is completed', async () => {
  const { client, requests, eventsOf, lastText } = await startWithRunner();
  const assistant = await client.assistant({ tools: [interpreter] });
  const done = await client.until(await client.start(assistant, block('print("ä")\nx')), 'completed');
  expect(requests).toEqual([{ sessionId: done.thread_id, code: 'print("ä")\nx\n' }]);
  const [calls, message] = (await client.steps(done)).data;
  expect(calls).toMatchObject({
    type: 'tool_calls',
    status: 'completed',
    usage: { completion_tokens: expect.any(Number) },
    step_details: {
      tool_calls: [
        {
          id: expect.stringMatching(/^call_/u),
          type: 'code_interpreter',
          code_interpreter: { input: 'print("ä")\nx\n', outputs: [{ type: 'logs', logs: 'PRINT("Ä")\nX\n' }] },
        },
      ],
    },
  });
  expect(message).toMatchObject({ type: 'message_creation', status: 'completed' });
  expect(await lastText(done)).toBe('[offline model] code_interpreter returned: PRINT("Ä")\nX\n');

  const sent = await eventsOf(done);
  const statuses = sent.map(({ event }) => event).filter((event) => /^thread\.run\.[a-z_]+$/u.test(event));
  expect(statuses).toEqual(['created', 'queued', 'in_progress', 'completed'].map((status) => `thread.run.${status}`));
});

test('the code interpreter streams code as the model writes it, then its outputs', async () => {
  const code = 'print("\\u00e4")\n\tx = "\\\\"\n';
  const written = JSON.stringify({ code }).replace('ä', String.raw`\u00e4`);
  const script = async function* (): AsyncGenerator<ChatDelta> {
    yield { type: 'tool_call', index: 0, name: 'code_interpreter' };
    for (const character of written) yield { type: 'arguments', index: 0, arguments: character };
    await sleep(0);
  };
  let isSecond = false;
  const { model } = scriptedModel(() => {
    const deltas = isSecond ? (async function* (): AsyncGenerator<ChatDelta> {})() : script();
    isSecond = true;
    return deltas;
  });
  const { runner, requests } = scriptedRunner();
  const client = await startClient({ model, codeRunner: runner });
  const run = await client.until(
    await client.start(await client.assistant({ tools: [interpreter] }), 'x'),
    'completed',
  );
  expect(requests.map((request) => request.code)).toEqual([code]);
  const sent = await client.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  const deltas = sent
    .filter(({ event }) => event === 'thread.run.step.delta')
    .map(
      ({ data }) => (data as { delta: { step_details: { tool_calls: object[] } } }).delta.step_details.tool_calls[0],
    );
  const inputs = deltas.map(
    (delta) => (delta as { code_interpreter: { input?: string } }).code_interpreter.input ?? '',
  );
  expect(inputs.filter((input) => input !== '').length).toBe(code.length);
  expect(inputs.join('')).toBe(code);
  expect(deltas.at(-1)).toEqual({
    index: 0,
    type: 'code_interpreter',
    code_interpreter: { outputs: [{ index: 0, type: 'logs', logs: code.toUpperCase() }] },
  });
});

test.each([
  ['plain code', 'print(1)', ['print(1)']],
  ['the code after another member', '{"title": "t", "code": "print(1)"}', ['print(1)']],
  ['no code', '{"title": "t"}', []],
  ['a cut object', '{"code": "print(', []],
])('arguments of the code interpreter that are %s run what code there is', async (_title, written, run) => {
  let turns = 0;
  const { model } = scriptedModel(async function* () {
    turns += 1;
    await sleep(0);
    if (turns === 2) return;
    yield { type: 'tool_call', index: 0, name: 'code_interpreter' };
    yield { type: 'arguments', index: 0, arguments: written };
  });
  const { runner, requests } = scriptedRunner();
  const client = await startClient({ model, codeRunner: runner });
  await client.until(await client.start(await client.assistant({ tools: [interpreter] }), 'x'), 'completed');
  expect(requests.map(({ code }) => code)).toEqual(run);
});

test('a function with the name of the code interpreter keeps it, and the tool gets another', async () => {
  const { client, requests, lastText } = await startWithRunner();
  const tools = [interpreter, functionTool('code_interpreter'), functionTool('code_interpreter_tool')];
  const assistant = await client.assistant({ tools });
  const run = await client.start(assistant, `${block('a')}\nand code_interpreter`);
  const waiting = await client.until(run, 'requires_action');
  expect(callsOf(waiting).map((call) => call.function.name)).toEqual(['code_interpreter']);
  await client.submit(waiting, 'from the client');
  const done = await client.until(waiting, 'completed');
  expect(requests).toHaveLength(1);
  expect(await lastText(done)).toBe(
    '[offline model] code_interpreter_tool_2 returned: A\n; code_interpreter returned: from the client',
  );
});

test('a run with calls of the client as well runs its code first and then waits for the other outputs only', async () => {
  const { client, eventsOf } = await startWithRunner();
  const assistant = await client.assistant({ tools: [interpreter, functionTool('look')] });
  const waiting = await client.until(await client.start(assistant, `look\n${block('a')}`), 'requires_action');
  expect(callsOf(waiting).map((call) => call.function.name)).toEqual(['look']);
  const [step] = (await client.steps(waiting)).data;
  expect(step).toMatchObject({
    status: 'in_progress',
    step_details: {
      tool_calls: [{ code_interpreter: { outputs: [{ logs: 'A\n' }] } }, { function: { output: null } }],
    },
  });
  await client.submit(waiting, 'seen');
  const done = await client.until(waiting, 'completed');
  const names = (await eventsOf(done)).map(({ event }) => event);
  expect(names.filter((name) => name === 'thread.run.requires_action')).toHaveLength(1);
});

test('models of later turns and of later runs get the calls and outputs of the code interpreter', async () => {
  const call = callChunks(0, 'code_interpreter', '{"code":"a"}');
  const { runner } = scriptedRunner();
  const { client, server } = await startEngineOver(
    [
      completion(call, 'tool_calls', usageChunk(9, 4)),
      completion([textChunk('It is A.')], 'stop', usageChunk(9, 4)),
      completion([textChunk('ok')], 'stop', usageChunk(9, 4)),
    ],
    { engine: { codeRunner: runner } },
  );
  const assistant = await client.assistant({ tools: [interpreter] });
  const run = await client.until(await client.start(assistant, 'Hi'), 'completed');
  const next = await client.post<RestRun>(`/threads/${run.thread_id}/runs`, { assistant_id: assistant.id });
  await client.until(next, 'completed');
  const [first, second, third] = completionRequests(server);
  expect(first?.['tools']).toMatchObject([{ type: 'function', function: { name: 'code_interpreter' } }]);
  const called = [
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: expect.stringMatching(/^call_/u),
          type: 'function',
          function: { name: 'code_interpreter', arguments: '{"code":"a"}' },
        },
      ],
    },
    { role: 'tool', tool_call_id: expect.stringMatching(/^call_/u), content: 'A' },
  ];
  expect(second?.['messages']).toEqual(called);
  expect(third?.['messages']).toEqual([...called, { role: 'assistant', content: 'It is A.' }]);
});

test('a tool choice of the code interpreter becomes one of its function, for the first turn', async () => {
  const { runner } = scriptedRunner();
  const { client, server } = await startEngineOver(
    [
      completion(callChunks(0, 'code_interpreter', '{"code":"a"}'), 'tool_calls', usageChunk(9, 4)),
      completion([textChunk('ok')], 'stop', usageChunk(9, 4)),
    ],
    { engine: { codeRunner: runner } },
  );
  const assistant = await client.assistant({ tools: [interpreter] });
  await client.until(await client.start(assistant, 'Hi', { tool_choice: interpreter }), 'completed');
  const forced = { type: 'function', function: { name: 'code_interpreter' } };
  expect(completionRequests(server).map((body) => body['tool_choice'])).toEqual([forced, undefined]);
});

test('an engine without a code runner does not offer the code interpreter to a model that does not host it', async () => {
  const { client, server } = await startEngineOver([completion([textChunk('ok')], 'stop', usageChunk(9, 4))]);
  const assistant = await client.assistant({ tools: [interpreter] });
  await client.until(await client.start(assistant, 'Hi', { tool_choice: interpreter }), 'completed');
  expect(completionRequests(server)[0]).not.toHaveProperty('tools');
  expect(client.engine.capabilities['codeInterpreter']).toBe(false);
});

test('code that a stopped engine left half-run is run again by the next one', async () => {
  const dataPath = newDataPath();
  const never = scriptedRunner(
    (_code, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  const first = await openEngine({ dataPath, codeRunner: never.runner });
  const before = clientOf(first);
  const run = await before.start(await before.assistant({ tools: [interpreter] }), block('a'));
  await expect.poll(() => never.requests.length).toBe(1);
  await first.close();

  const { runner, requests } = scriptedRunner();
  const client = await startClient({ dataPath, codeRunner: runner });
  const done = await client.until(run, 'completed');
  expect(requests).toEqual(never.requests);
  expect((await client.steps(done)).data).toHaveLength(2);
});

test('cancelling a run ends its code', async () => {
  let aborted = 0;
  const { client, requests } = await startWithRunner(
    (_code, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(signal.reason as Error);
        });
      }),
  );
  const run = await client.start(await client.assistant({ tools: [interpreter] }), block('a'));
  await expect.poll(() => requests.length).toBe(1);
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  const cancelled = await client.until(run, 'cancelled');
  expect(aborted).toBe(1);
  expect((await client.steps(cancelled)).data).toMatchObject([{ type: 'tool_calls', status: 'cancelled' }]);
});

test('a code runner that fails fails the call, not the run, and its error is only logged', async () => {
  const lines: string[] = [];
  const { runner } = scriptedRunner(() => Promise.reject(new Error('secret detail')));
  const client = await startClient({ codeRunner: runner, log: (line) => lines.push(line) });
  const run = await client.start(await client.assistant({ tools: [interpreter] }), block('a'));
  const done = await client.until(run, 'completed');
  expect((await client.steps(done)).data[0]).toMatchObject({
    step_details: { tool_calls: [{ code_interpreter: { outputs: [{ type: 'logs', logs: 'The tool failed.' }] } }] },
  });
  expect(lines).toEqual([expect.stringContaining('secret detail')]);
});

test('an engine with a code runner runs the code of a model whose endpoint hosts a code interpreter too', async () => {
  const { runner } = scriptedRunner();
  const { client, server } = await startEngineOver(
    [streamed(events({ type: 'response.completed', response: { status: 'completed', output: [], usage: null } }))],
    { api: 'responses', engine: { codeRunner: runner } },
  );
  const assistant = await client.assistant({ tools: [interpreter] });
  await client.until(await client.start(assistant, 'Hi'), 'completed', 'failed');
  expect(completionRequests(server)[0]?.['tools']).toMatchObject([{ type: 'function', name: 'code_interpreter' }]);
});

test('the official SDK streams code, its output and the message as it does from the hosted API', async () => {
  const { runner } = scriptedRunner();
  const { url } = await startOverHttp({ codeRunner: runner });
  const { assistants, threads } = new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0 }).beta;
  const assistant = await assistants.create({ model: 'm', tools: [{ type: 'code_interpreter' }] });
  const thread = await threads.create({ messages: [{ role: 'user', content: block('print(1)') }] });
  const seen: string[] = [];
  const stream = threads.runs
    .stream(thread.id, { assistant_id: assistant.id })
    .on('toolCallCreated', ({ type }) => seen.push(`created ${type}`))
    .on('toolCallDelta', (delta) => {
      if (delta.type !== 'code_interpreter') return;
      if (delta.code_interpreter?.input) seen.push(`input ${delta.code_interpreter.input}`);
      for (const output of delta.code_interpreter?.outputs ?? []) {
        if (output.type === 'logs') seen.push(`output ${output.logs}`);
      }
    })
    .on('toolCallDone', (call) => {
      if (call.type === 'code_interpreter') seen.push(`done, ${call.code_interpreter.outputs.length} output`);
    })
    .on('textDone', ({ value }) => seen.push(`text ${value}`));
  expect((await stream.finalRun()).status).toBe('completed');
  expect(seen).toEqual([
    'created code_interpreter',
    'input print(1)\n',
    'output PRINT(1)\n',
    'done, 1 output',
    'text [offline model] code_interpreter returned: PRINT(1)\n',
  ]);
});
