import { expect, test } from 'vitest';
import { callsOf, functionTool, scriptedModel, startClient, textOf } from './client.ts';

const tools = [functionTool('get_weather'), functionTool('get_time')];

test('a run waits for the outputs of its tool calls and then continues', async () => {
  const client = await startClient();
  const assistant = await client.assistant({ tools });
  const created = await client.start(assistant, 'Ask get_weather and get_time for {"city": "Paris"}');
  const waiting = await client.until(created, 'requires_action');
  expect(waiting.required_action).toEqual({
    type: 'submit_tool_outputs',
    submit_tool_outputs: {
      tool_calls: ['get_weather', 'get_time'].map((name) => ({
        id: expect.stringMatching(/^call_[A-Za-z0-9]{24}$/u),
        type: 'function',
        function: { name, arguments: '{"city":"Paris"}' },
      })),
    },
  });
  expect(waiting).toMatchObject({ usage: null, expires_at: waiting.created_at + 600 });
  const [step] = (await client.steps(waiting)).data;
  expect(step).toMatchObject({
    type: 'tool_calls',
    status: 'in_progress',
    usage: null,
    step_details: {
      tool_calls: callsOf(waiting).map((call) => ({ ...call, function: { ...call.function, output: null } })),
    },
  });

  const output = '{"byte":\t"for byte"}\n';
  const resumed = await client.submit(waiting, output);
  expect(resumed).toMatchObject({ status: 'queued', required_action: null, expires_at: waiting.expires_at });

  const done = await client.until(waiting, 'completed');
  const [first, second] = (await client.steps(done)).data;
  expect(first).toMatchObject({
    id: step?.id,
    status: 'completed',
    step_details: { tool_calls: [{ function: { output } }, { function: { output } }] },
  });
  expect(second).toMatchObject({ type: 'message_creation', status: 'completed' });
  expect(done.usage?.total_tokens).toBe((first?.usage?.total_tokens ?? 0) + (second?.usage?.total_tokens ?? 0));
  expect(first?.usage?.completion_tokens).toBeGreaterThan(0);
  const completion = (await client.messages(done.thread_id)).data.at(-1);
  expect(textOf(completion)).toBe(`[offline model] get_weather returned: ${output}; get_time returned: ${output}`);
});

test('a run can require tool outputs several times', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant({ tools }), 'get_weather then get_time');
  const first = await client.until(run, 'requires_action');
  expect(callsOf(first).map((call) => call.function.name)).toEqual(['get_weather']);
  await client.submit(first, 'rain');
  const second = await client.until(run, 'requires_action');
  expect(callsOf(second).map((call) => call.function.name)).toEqual(['get_time']);
  await client.submit(second, 'noon');
  await client.until(run, 'completed');
  expect((await client.steps(run)).data.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'tool_calls completed',
    'tool_calls completed',
    'message_creation completed',
  ]);
  const completion = (await client.messages(run.thread_id)).data.at(-1);
  expect(textOf(completion)).toBe('[offline model] get_weather returned: rain; get_time returned: noon');
});

test('tool outputs must be submitted for all calls at once', async () => {
  const client = await startClient();
  const created = await client.start(await client.assistant({ tools }), 'get_weather and get_time');
  const run = await client.until(created, 'requires_action');
  const [a = '', b = ''] = callsOf(run).map(({ id }) => id);
  const path = `/threads/${run.thread_id}/runs/${run.id}/submit_tool_outputs`;
  const errorMessage = async (...ids: string[]) =>
    (await client.errorOf('POST', path, { tool_outputs: ids.map((id) => ({ tool_call_id: id, output: '1' })) }))
      .message;
  const expected = `Expected tool outputs for call_ids ['${a}', '${b}'], got `;
  expect(await errorMessage(a)).toBe(`${expected}['${a}']`);
  expect(await errorMessage()).toBe(`${expected}[]`);
  expect(await errorMessage(a, 'call_x')).toBe(`${expected}['${a}', 'call_x']`);
  expect(await errorMessage(a, a)).toBe(`${expected}['${a}', '${a}']`);
  expect(await errorMessage(a, b, 'call_x')).toBe(`${expected}['${a}', '${b}', 'call_x']`);
  expect((await client.run(run)).status).toBe('requires_action');
  await client.post(path, { tool_outputs: [{ tool_call_id: b }, { tool_call_id: a, output: '1' }] });
  await client.until(run, 'completed');
});

test('submitting tool outputs to a run that requires none is a 400', async () => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant({ tools }), 'hello'), 'completed');
  const path = `/threads/${run.thread_id}/runs/${run.id}/submit_tool_outputs`;
  expect(await client.errorOf('POST', path, { tool_outputs: [] })).toEqual({
    status: 400,
    type: 'invalid_request_error',
    code: null,
    param: null,
    message: 'Runs in status "completed" do not accept tool outputs.',
  });
});

test('a run in requires_action can be cancelled', async () => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant({ tools }), 'get_time'), 'requires_action');
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  const cancelled = await client.until(run, 'cancelled');
  expect(cancelled.required_action).toBeNull();
  expect((await client.steps(run)).data).toMatchObject([{ type: 'tool_calls', status: 'cancelled' }]);
});

test.each([
  ['none', 'get_weather', undefined],
  ['auto', 'hello', undefined],
  ['required', 'hello', 'get_weather'],
  ['required', 'get_time', 'get_time'],
  [{ type: 'function', function: { name: 'get_time' } }, 'get_weather', 'get_time'],
])('with tool_choice %j, the message "%s" leads to a call of %s', async (choice, text, name) => {
  const client = await startClient();
  const run = await client.start(await client.assistant({ tools }), text, { tool_choice: choice });
  const stopped = await client.until(run, 'requires_action', 'completed');
  expect(callsOf(stopped).map((call) => call.function.name)).toEqual(name === undefined ? [] : [name]);
  if (name === undefined) return;
  await client.submit(stopped, 'done');
  await client.until(run, 'completed');
});

test('tool_choice must name a function of the run', async () => {
  const client = await startClient();
  const { id } = await client.assistant({ tools });
  const choice = { type: 'function', function: { name: 'get_rich' } };
  expect(await client.errorOf('POST', '/threads/runs', { assistant_id: id, tool_choice: choice })).toMatchObject({
    status: 400,
    param: 'tool_choice.function.name',
    message:
      "Invalid value for 'tool_choice.function.name': 'get_rich'. Expected the name of one of the run's function tools.",
  });
});

test('without parallel tool calls there is one call at a time', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant({ tools }), 'get_weather and get_time', {
    parallel_tool_calls: false,
  });
  expect(callsOf(await client.until(run, 'requires_action'))).toHaveLength(1);
});

test('of parallel calls that are disabled, only the first is used', async () => {
  const script = scriptedModel(async function* () {
    for (const [index, name] of ['get_weather', 'get_time'].entries()) {
      yield { type: 'tool_call', index, name };
      yield { type: 'arguments', index, arguments: '{}' };
    }
  });
  const client = await startClient({ model: script.model });
  const run = await client.start(await client.assistant({ tools }), 'go', { parallel_tool_calls: false });
  const waiting = await client.until(run, 'requires_action');
  expect(callsOf(waiting).map((call) => call.function)).toEqual([{ name: 'get_weather', arguments: '{}' }]);
});

test('text before tool calls is kept and part of the next prompt', async () => {
  const script = scriptedModel(async function* ({ messages }) {
    if (messages.some(({ role }) => role === 'tool')) {
      yield { type: 'text', text: 'It rains.' };
      return;
    }
    yield { type: 'text', text: 'Let me look.' };
    yield { type: 'tool_call', index: 0, name: 'get_weather' };
    yield { type: 'arguments', index: 0, arguments: '{not json' };
    yield { type: 'finish', reason: 'tool_calls' };
  });
  const client = await startClient({ model: script.model });
  const waiting = await client.until(await client.start(await client.assistant({ tools }), 'Rain?'), 'requires_action');
  const [call] = callsOf(waiting);
  await client.submit(waiting, 'rain');
  const done = await client.until(waiting, 'completed');
  expect((await client.steps(done)).data.map(({ type }) => type)).toEqual([
    'message_creation',
    'tool_calls',
    'message_creation',
  ]);
  expect((await client.messages(done.thread_id)).data.map(textOf)).toEqual(['Rain?', 'Let me look.', 'It rains.']);
  expect(script.requests.at(-1)?.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Rain?' }] },
    {
      role: 'assistant',
      content: 'Let me look.',
      toolCalls: [{ id: call?.id, name: 'get_weather', arguments: '{not json' }],
    },
    { role: 'tool', toolCallId: call?.id, content: 'rain' },
  ]);
});

test('tools that the engine does not execute are stored and not sent to the model', async () => {
  const script = scriptedModel(async function* () {
    yield { type: 'text', text: 'ok' };
  });
  const client = await startClient({ model: script.model });
  const all = [{ type: 'code_interpreter' }, { type: 'file_search' }, ...tools];
  const run = await client.start(await client.assistant({ tools: all }), 'hello');
  expect(run.tools).toEqual(all);
  await client.until(run, 'completed');
  expect(script.requests[0]?.tools.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
  expect(client.engine.capabilities).toEqual({
    functionTools: true,
    streaming: true,
    replay: true,
    fileSearch: true,
    codeInterpreter: false,
  });
});

test('the arguments of a strict function fit its schema, also with tool_choice required', async () => {
  const client = await startClient();
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const assistant = await client.assistant({
    tools: [{ type: 'function', function: { name: 'get_weather', strict: true, parameters } }],
  });
  for (const [text, toolChoice] of [
    ['get_weather', 'auto'],
    ['hello', 'required'],
  ] as const) {
    const run = await client.until(await client.start(assistant, text, { tool_choice: toolChoice }), 'requires_action');
    expect(callsOf(run).map((call) => call.function.arguments)).toEqual(['{"city":""}']);
  }
});
