import { expect, test } from 'vitest';
import type { ModelEndpointOptions } from '../../src/engine/models/endpoint/modelEndpoint.ts';
import type { ChatRequest } from '../../src/engine/models/model.ts';
import { responsesModel } from '../../src/engine/models/responses/model.ts';
import { ask, askTimes, outcomeOf, requestFor, written } from './asking.ts';
import { brokenOff, events, type Play, startRawServer, streamed, streamedUntilClose, whole } from './rawServer.ts';

const usage = {
  input_tokens: 7,
  output_tokens: 3,
  input_tokens_details: { cached_tokens: 5 },
  output_tokens_details: { reasoning_tokens: 2 },
};
const completed = (rest: object = {}) => ({
  type: 'response.completed',
  response: { object: 'response', status: 'completed', output: [], usage, ...rest },
});
const added = (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item });
const itemDone = (output_index: number, item: object) => ({ type: 'response.output_item.done', output_index, item });
const text = (output_index: number, delta: string) => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta,
});
const message = (index: number) => added(index, { type: 'message', role: 'assistant', content: [] });
const cited = (output_index: number, annotation: object) => ({
  type: 'response.output_text.annotation.added',
  output_index,
  annotation,
});

const call = (name: string, args = '') => ({ type: 'function_call', call_id: name, name, arguments: args });
const piece = (output_index: number, delta: string) => ({
  type: 'response.function_call_arguments.delta',
  output_index,
  delta,
});
const refusal = (delta: string) => ({ type: 'response.refusal.delta', output_index: 0, delta });

const open = async (plays: [Play, ...Play[]], options: Partial<ModelEndpointOptions> = {}) => {
  const server = await startRawServer(...plays);
  return { server, model: responsesModel({ baseUrl: server.url, maxRetries: 0, ...options }) };
};
const outcome = async (stream: string, rest: Partial<ChatRequest> = {}) => {
  const { model } = await open([streamed(stream)]);
  return outcomeOf(model, requestFor('Hi', rest));
};
const hello = events(
  { type: 'response.created', response: { status: 'in_progress' } },
  message(0),
  text(0, 'Hel'),
  text(0, 'lo'),
  completed(),
);

test('text comes piece by piece, then usage with cached tokens, then the finish', async () => {
  expect((await outcome(hello)).deltas).toEqual([
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo' },
    { type: 'usage', promptTokens: 7, completionTokens: 3, cachedTokens: 5, reasoningTokens: 2 },
    { type: 'finish', reason: 'stop' },
  ]);
});

test('everything that a request says is sent, and nothing is stored', async () => {
  const { model, server } = await open([streamed(hello)]);
  await ask(
    model,
    requestFor('', {
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What?' },
            { type: 'image_url', url: 'https://example.com/a.png' },
            { type: 'image_bytes', bytes: new Uint8Array([1, 2, 3]), mediaType: 'image/png', detail: 'low' },
          ],
        },
        { role: 'assistant', content: 'I look.', toolCalls: [{ id: 'call_1', name: 'look', arguments: '{}' }] },
        { role: 'tool', toolCallId: 'call_1', content: 'a cat' },
        { role: 'assistant', content: 'A cat.', toolCalls: [] },
      ],
      tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }],
      hostedTools: [
        {
          type: 'file_search',
          vectorStoreIds: ['vs_1'],
          maxNumResults: 5,
          ranker: 'default_2024_08_21',
          scoreThreshold: 0.5,
        },
        { type: 'code_interpreter', fileIds: ['file-1'] },
      ],
      toolChoice: { type: 'function', function: { name: 'look' } },
      parallelToolCalls: false,
      responseFormat: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: { type: 'object' }, strict: true },
      },
      reasoningEffort: 'low',
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 100,
    }),
  );
  expect(server.requests[0]?.path).toBe('/v1/responses');
  expect(server.requests[0]?.body).toEqual({
    model: 'test-model',
    instructions: 'Be brief.',
    input: [
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'What?' },
          { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
          { type: 'input_image', image_url: 'data:image/png;base64,AQID', detail: 'low' },
        ],
      },
      { type: 'message', role: 'assistant', content: 'I look.' },
      { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'a cat' },
      { type: 'message', role: 'assistant', content: 'A cat.' },
    ],
    stream: true,
    store: false,
    tools: [
      { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' }, strict: false },
      {
        type: 'file_search',
        vector_store_ids: ['vs_1'],
        max_num_results: 5,
        ranking_options: { ranker: 'auto', score_threshold: 0.5 },
      },
      { type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-1'] } },
    ],
    tool_choice: { type: 'function', name: 'look' },
    parallel_tool_calls: false,
    include: ['file_search_call.results', 'code_interpreter_call.outputs'],
    text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: true } },
    reasoning: { effort: 'low' },
    temperature: 0.5,
    top_p: 0.9,
    max_output_tokens: 100,
  });
});

test('parallel function calls are read', async () => {
  const stream = events(
    added(0, { type: 'reasoning', summary: [] }),
    added(1, call('get_weather')),
    piece(1, '{"city":'),
    added(2, call('get_time')),
    piece(1, '"Paris"}'),
    itemDone(1, call('get_weather', '{"city":"Paris"}')),
    itemDone(2, call('get_time', '{"zone":"CET"}')),
    added(3, call('now')),
    completed({
      output: [
        { type: 'reasoning' },
        call('get_weather', '{"city":"Paris"}'),
        call('get_time', '{"zone":"CET"}'),
        call('now'),
      ],
    }),
  );
  expect(written((await outcome(stream)).deltas)).toMatchObject({
    calls: [
      { name: 'get_weather', arguments: '{"city":"Paris"}' },
      { name: 'get_time', arguments: '{"zone":"CET"}' },
      { name: 'now', arguments: '{}' },
    ],
    finish: ['tool_calls'],
  });
});

const search = {
  type: 'file_search_call',
  id: 'fs_1',
  queries: ['cats'],
  results: [{ file_id: 'file-1', filename: 'cats.pdf', score: 0.9, text: 'Cats purr.', attributes: {} }],
};

test('a file search is a hosted call with its results, and its citations mark the text', async () => {
  const stream = events(
    added(0, { ...search, results: null }),
    { type: 'response.file_search_call.searching', output_index: 0 },
    itemDone(0, search),
    message(1),
    text(1, 'They purr.'),
    cited(1, { type: 'file_citation', file_id: 'file-1', filename: 'cats.pdf', index: 10 }),
    cited(1, { type: 'url_citation', url: 'https://example.com' }),
    text(1, ' Truly.'),
    cited(1, { type: 'file_citation', file_id: 'file-1', filename: 'cats.pdf', index: 17 }),
    completed(),
  );
  const { deltas } = await outcome(stream);
  const result = {
    type: 'file_search',
    queries: ['cats'],
    results: [{ fileId: 'file-1', fileName: 'cats.pdf', score: 0.9, text: 'Cats purr.' }],
  };
  expect(deltas.slice(0, 2)).toEqual([
    { type: 'hosted_call', index: 0, tool: 'file_search' },
    { type: 'hosted_result', index: 0, result },
  ]);
  const { text: full, finish } = written(deltas);
  expect({ full, finish }).toEqual({ full: 'They purr.【0†cats.pdf】 Truly.【1†cats.pdf】', finish: ['stop'] });
  const annotations = deltas.flatMap((delta) => (delta.type === 'annotation' ? [delta.annotation] : []));
  expect(annotations).toEqual([
    {
      type: 'file_citation',
      fileId: 'file-1',
      fileName: 'cats.pdf',
      startIndex: 10,
      endIndex: 22,
      text: '【0†cats.pdf】',
    },
    {
      type: 'file_citation',
      fileId: 'file-1',
      fileName: 'cats.pdf',
      startIndex: 29,
      endIndex: 41,
      text: '【1†cats.pdf】',
    },
  ]);
  for (const { startIndex, endIndex, text: stretch } of annotations)
    expect(full.slice(startIndex, endIndex)).toBe(stretch);
});

test('a citation within JSON has no marker', async () => {
  const stream = events(
    message(0),
    text(0, '{"a":1}'),
    cited(0, { type: 'file_citation', file_id: 'file-1', filename: 'a', index: 4 }),
    completed(),
  );
  const { deltas } = await outcome(stream, { responseFormat: { type: 'json_object' } });
  expect(written(deltas).text).toBe('{"a":1}');
  expect(deltas).toContainEqual({
    type: 'annotation',
    annotation: { type: 'file_citation', fileId: 'file-1', fileName: 'a', startIndex: 4, endIndex: 4, text: '' },
  });
});

test('a code interpreter call brings its code piece by piece, logs and images, and files that it wrote are cited', async () => {
  const code = {
    type: 'code_interpreter_call',
    container_id: 'cntr_1',
    code: 'print(1)',
    outputs: [
      { type: 'logs', logs: '1\n' },
      { type: 'image', url: 'https://example.com/plot.png' },
    ],
  };
  const path = 'sandbox:/mnt/data/x.csv';
  const stream = events(
    message(0),
    text(0, 'I compute.'),
    added(1, { type: 'code_interpreter_call', container_id: 'cntr_1', code: '', outputs: null }),
    { type: 'response.code_interpreter_call_code.delta', output_index: 1, delta: 'print' },
    { type: 'response.code_interpreter_call_code.delta', output_index: 1, delta: '(1)' },
    { type: 'response.code_interpreter_call_code.done', output_index: 1, code: 'print(1)' },
    itemDone(1, code),
    message(2),
    text(2, `See ${path}.`),
    cited(2, {
      type: 'container_file_citation',
      container_id: 'cntr_1',
      file_id: 'cfile_1',
      filename: 'x.csv',
      start_index: 4,
      end_index: 4 + path.length,
    }),
    completed(),
  );
  expect((await outcome(stream)).deltas).toEqual([
    { type: 'text', text: 'I compute.' },
    { type: 'hosted_call', index: 0, tool: 'code_interpreter' },
    { type: 'code', index: 0, code: 'print' },
    { type: 'code', index: 0, code: '(1)' },
    {
      type: 'hosted_result',
      index: 0,
      result: {
        type: 'code_interpreter',
        containerId: 'cntr_1',
        outputs: [
          { type: 'logs', logs: '1\n' },
          { type: 'image', url: 'https://example.com/plot.png' },
        ],
      },
    },
    { type: 'text', text: `See ${path}.` },
    {
      type: 'annotation',
      annotation: {
        type: 'file_path',
        fileId: 'cfile_1',
        containerId: 'cntr_1',
        startIndex: 4,
        endIndex: 4 + path.length,
        text: path,
      },
    },
    { type: 'usage', promptTokens: 7, completionTokens: 3, cachedTokens: 5, reasoningTokens: 2 },
    { type: 'finish', reason: 'stop' },
  ]);
});

test('a response that comes whole is read like a stream', async () => {
  const content = [
    {
      type: 'output_text',
      text: 'They purr. Truly.',
      annotations: [{ type: 'file_citation', file_id: 'file-1', filename: 'cats.pdf', index: 10 }],
    },
  ];
  const { model } = await open([
    whole({
      object: 'response',
      status: 'completed',
      error: null,
      output: [search, { type: 'message', content }],
      usage,
    }),
  ]);
  expect(await ask(model, requestFor('Hi'))).toMatchObject({
    text: 'They purr.【0†cats.pdf】 Truly.',
    usage: { cachedTokens: 5 },
    finish: ['stop'],
  });
});

test('text that was not streamed is read from the end of its item or of the response', async () => {
  const item = { type: 'message', content: [{ type: 'output_text', text: 'Hi', annotations: [] }] };
  expect(written((await outcome(events(itemDone(0, item), completed({ output: [item] })))).deltas).text).toBe('Hi');
  expect(written((await outcome(events(completed({ output: [item] })))).deltas).text).toBe('Hi');
});

test('a refusal is passed on as one', async () => {
  const item = { type: 'message', content: [{ type: 'refusal', refusal: 'I will not.' }] };
  const stream = events(
    message(0),
    refusal('I will '),
    refusal('not.'),
    itemDone(0, item),
    completed({ output: [item] }),
  );
  expect(written((await outcome(stream)).deltas)).toMatchObject({ text: '', refusal: 'I will not.', finish: ['stop'] });
});

test.each([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content_filter'],
])('a response that is incomplete by %s finishes with %s', async (reason, expected) => {
  const incomplete = {
    type: 'response.incomplete',
    response: { status: 'incomplete', incomplete_details: { reason }, usage },
  };
  expect(written((await outcome(events(message(0), text(0, 'Half'), incomplete))).deltas)).toMatchObject({
    text: 'Half',
    finish: [expected],
  });
});

test.each<[string, object, object]>([
  [
    'response.failed',
    {
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow down.' } },
    },
    { code: 'rate_limit_exceeded' },
  ],
  [
    'error',
    {
      type: 'error',
      code: 'context_length_exceeded',
      message: 'Your input exceeds the context window of this model.',
      param: 'input',
    },
    { code: 'context_length_exceeded' },
  ],
  [
    'an error with its members in another object',
    { type: 'error', error: { code: 'context_length_exceeded', message: 'Too long.' } },
    { code: 'context_length_exceeded' },
  ],
  ['a cancelled response without a status', { type: 'response.cancelled', response: {} }, { code: 'server_error' }],
  ['a cancelled response', { type: 'response.cancelled', response: { status: 'cancelled' } }, { code: 'server_error' }],
])('%s is an error, after what was written', async (_what, event, expected) => {
  const { deltas, error } = await outcome(events(message(0), text(0, 'Half'), event));
  expect(error).toMatchObject({ name: 'ModelError', ...expected });
  expect(written(deltas)).toMatchObject({ text: 'Half', finish: [] });
});

test('a stream cut at any byte before its finish is an error, whether the connection closes or breaks', async () => {
  const bytes = Buffer.from(hello);
  const lengths = [...bytes.keys()];
  const plays = [
    ...lengths.map((length) => streamedUntilClose(bytes.subarray(0, length))),
    ...lengths.map((length) => brokenOff(hello.slice(0, length))),
  ];
  const [first, ...rest] = [...plays, streamedUntilClose(bytes)];
  if (first === undefined) throw new Error('nothing to play');
  const { model } = await open([first, ...rest]);
  for (let cut = 0; cut < plays.length; cut += 1) {
    const { deltas, error } = await outcomeOf(model, requestFor('Hi'));
    expect(error).toMatchObject({ name: 'ModelError', code: 'server_error' });
    expect(written(deltas).finish).toEqual([]);
  }
  expect((await ask(model, requestFor('Hi'))).finish).toEqual(['stop']);
});

test.each<[string, Partial<ChatRequest>, object]>([
  [
    'temperature',
    { temperature: 1 },
    { message: "Unsupported parameter: 'temperature' is not supported with this model.", param: 'temperature' },
  ],
  ['store', {}, { message: "Unknown parameter: 'store'." }],
  [
    'reasoning',
    { reasoningEffort: 'low' },
    {
      message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
      param: 'reasoning.effort',
    },
  ],
])('%s that an endpoint rejects is left out, and that is learnt once', async (name, rest, error) => {
  const { model, server } = await open([whole({ error }, { status: 400 }), streamed(hello)]);
  await askTimes(2, model, requestFor('Hi', rest));
  expect(server.requests.map(({ body }) => name in body)).toEqual([true, false, false]);
});
