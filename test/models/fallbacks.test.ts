import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { ChatRequest } from '../../src/engine/models/model.ts';
import { ask, outcomeOf, requestFor, tools } from './asking.ts';
import { completion, textChunk } from './chatStream.ts';
import { completionRequests, startEngineOver } from './engineOver.ts';
import { type Play, startRawServer, whole } from './rawServer.ts';

const hello = completion([textChunk('Hi')], 'stop');
const rejected = (message: string, rest: object = {}, status = 400): Play =>
  whole({ error: { message, type: 'invalid_request_error', code: null, ...rest } }, { status });

const openWith = async (...plays: [Play, ...Play[]]) => {
  const lines: string[] = [];
  const server = await startRawServer(...plays);
  const log = (line: string) => lines.push(line);
  const model = chatCompletionsModel({ baseUrl: server.url, maxRetries: 0, log });
  return {
    server,
    model,
    lines,
    sent: (name: string) => server.requests.map(({ body }) => Reflect.get(body ?? {}, name)),
  };
};

const schema = { type: 'json_schema', json_schema: { name: 'p', schema: { type: 'object' }, strict: true } } as const;

test.each<[string, Partial<ChatRequest>, Play]>([
  [
    'response_format',
    { responseFormat: schema },
    rejected("Invalid schema for response_format 'p': In context=('properties','a'), 'minLength' is not permitted.", {
      param: 'response_format',
    }),
  ],
  [
    'temperature',
    { temperature: 0.5, tools: tools('look') },
    rejected(
      "Invalid schema for function 'look': In context=('properties','temperature'), 'minimum' is not permitted.",
      {
        param: 'tools[0].function.parameters',
      },
    ),
  ],
  [
    'response_format',
    { responseFormat: schema },
    rejected('invalid JSON schema for response_format: minItems is not permitted'),
  ],
  [
    'response_format',
    { responseFormat: schema },
    rejected("For 'string' type, property 'minLength' is not permitted", {
      param: 'response_format.json_schema.schema',
    }),
  ],
  [
    'temperature',
    { temperature: 0.5, tools: tools('look') },
    rejected(
      `Unknown name "temperature" at 'tools[0].function.parameters.properties': a type of null is not permitted.`,
    ),
  ],
  [
    'temperature',
    { temperature: 0.5, tools: tools('look') },
    rejected('tools.0.custom.properties.temperature: maximum is not permitted'),
  ],
])('an error about a schema is one of the run, and %s is sent to the next one', async (name, rest, rejection) => {
  const { model, sent, lines } = await openWith(rejection, hello);
  expect((await outcomeOf(model, requestFor('Hi', rest))).error).toMatchObject({
    code: 'invalid_prompt',
    message: expect.stringContaining('is not permitted'),
  });
  await ask(model, requestFor('Hi', rest));
  expect(sent(name)).toEqual([expect.anything(), expect.anything()]);
  expect(lines).toEqual([]);
});

test.each([
  "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'.",
  'think value "minimal" is not supported for this model',
])('a value that a model does not support is left out, and others are sent: %s', async (message) => {
  const { model, sent, lines } = await openWith(rejected(message), hello);
  for (const reasoningEffort of ['minimal', 'high'] as const) await ask(model, requestFor('Hi', { reasoningEffort }));
  expect(sent('reasoning_effort')).toEqual(['minimal', undefined, 'high']);
  expect(lines).toEqual([expect.stringContaining('does not take reasoning_effort: it is left out for this value.')]);
});

test.each([
  ['does not support', "No endpoints found that support the provided 'tool_choice' value.", 404],
  ['rejects by its code', "Unsupported value: 'tool_choice'.", 400],
])('a tool_choice that the endpoint %s is left out, and another one is sent', async (_how, message, status) => {
  const { model, sent, lines } = await openWith(rejected(message, {}, status), hello);
  for (const toolChoice of ['required', 'none'] as const)
    await ask(model, requestFor('Hi', { tools: tools('look'), toolChoice }));
  expect(sent('tool_choice')).toEqual(['required', undefined, 'none']);
  expect(lines).toEqual([expect.stringContaining('does not take tool_choice: it is left out for this value.')]);
});

test('strict is left out of functions if the endpoint does not know it, from then on', async () => {
  const { model, sent } = await openWith(rejected("Unknown parameter: 'tools[0].function.strict'."), hello);
  const strict = [{ name: 'look', parameters: { type: 'object' }, strict: true }];
  for (let time = 0; time < 2; time += 1) await ask(model, requestFor('Hi', { tools: strict }));
  expect(sent('tools').map((each) => JSON.stringify(each).includes('strict'))).toEqual([true, false, false]);
});

test.each(['"qwen2.5:7b" does not support thinking', 'Model grok-4 does not support parameter reasoningEffort.'])(
  'reasoning is not asked of a model without it, from then on: %s',
  async (message) => {
    const { model, sent } = await openWith(rejected(message), hello);
    for (let time = 0; time < 2; time += 1) await ask(model, requestFor('Hi', { reasoningEffort: 'high' }));
    expect(sent('reasoning_effort')).toEqual(['high', undefined, undefined]);
  },
);

test('a schema of one client is an error of its run, and the endpoint gets that of the next run', async () => {
  const wrong = "Invalid schema for response_format 'p': In context=('properties', 'a'), 'minLength' is not permitted.";
  const { client, server } = await startEngineOver([rejected(wrong, { param: 'response_format' }), hello]);
  const assistant = await client.assistant({ response_format: schema });
  const failed = await client.until(await client.start(assistant, 'Hi'), 'failed');
  expect(failed.last_error?.message).toContain(wrong);
  await client.until(await client.start(assistant, 'Hi'), 'completed');
  expect(completionRequests(server).map((body) => body['response_format'])).toEqual([schema, schema]);
});

test.each<[string, string, RegExp, string?]>([
  ['No endpoints found for foo/bar.', 'model_not_found', /has no model/],
  ['No endpoints found that support tool use.', 'invalid_prompt', /does not support what the run needs.*tool use/],
  ['model: claude-9', 'model_not_found', /has no model/, 'not_found_error'],
  ['No allowed providers are available for the selected model.', 'model_not_found', /has no model/],
  [
    'No endpoints found matching your data policy. Configure your account.',
    'invalid_prompt',
    /rejected the request \(status 404\); it said: [^]*Configure your account\.$/,
  ],
  [
    'File file-abc not found',
    'invalid_prompt',
    /rejected the request \(status 404\); it said: File file-abc not found$/,
  ],
  ['Not Found', 'server_error', /Check the base URL/],
  ['Invalid URL (POST /v1/chat/completions)', 'server_error', /Check the base URL/],
])(
  'status 404 is explained by what it says: %s',
  async (message, code, explanation, type = 'invalid_request_error') => {
    const { model } = await openWith(rejected(message, { type }, 404));
    const { error } = await outcomeOf(model, requestFor('Hi', { tools: tools('look') }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(explanation) });
  },
);

test('a redirect is not followed, and the error says what to check', async () => {
  const { model, server } = await openWith(whole('', { status: 307, headers: { location: 'http://127.0.0.1:9/v1' } }));
  expect((await outcomeOf(model, requestFor('Hi'))).error).toMatchObject({
    message: 'The model endpoint redirects requests (status 307), which are not sent elsewhere. Check the base URL.',
  });
  expect(server.requests).toHaveLength(1);
});

test("Mistral's details name what is rejected", async () => {
  const detail = [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }];
  const { model, sent } = await openWith(
    whole({ object: 'error', message: { detail }, type: 'invalid_request_error' }, { status: 422 }),
    hello,
  );
  await ask(model, requestFor('Hi'));
  expect(sent('stream_options')).toEqual([{ include_usage: true }, undefined]);
});
