import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from './openEngine.ts';
import { clientOf, functionTool } from './client.ts';

// One engine for all tests, as the invalid requests change nothing.
let client: ReturnType<typeof clientOf>;
let ids: { assistant: string; thread: string; message: string; run: string };

beforeAll(async () => {
  const engine = await openEngine({ dataPath: ':memory:' });
  client = clientOf(engine);
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const run = await client.start(assistant, 'hello');
  await client.until(run, 'completed');
  const [message] = (await client.messages(run.thread_id)).data;
  ids = { assistant: assistant.id, thread: run.thread_id, message: message?.id ?? '', run: run.id };
  return () => engine.close();
});

const places = {
  createAssistant: () => '/assistants',
  modifyAssistant: () => `/assistants/${ids.assistant}`,
  createThread: () => '/threads',
  modifyThread: () => `/threads/${ids.thread}`,
  createMessage: () => `/threads/${ids.thread}/messages`,
  modifyMessage: () => `/threads/${ids.thread}/messages/${ids.message}`,
  createRun: () => `/threads/${ids.thread}/runs`,
  modifyRun: () => `/threads/${ids.thread}/runs/${ids.run}`,
  submitToolOutputs: () => `/threads/${ids.thread}/runs/${ids.run}/submit_tool_outputs`,
  createThreadAndRun: () => '/threads/runs',
};

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
const assistant = (rest: object) => ({ model: 'm', ...rest });
const run = (rest: object) => ({ assistant_id: 'asst_1', ...rest });
const message = (rest: object) => ({ role: 'user', content: 'hi', ...rest });
const store = (strategy: object) =>
  assistant({ tool_resources: { file_search: { vector_stores: [{ chunking_strategy: strategy }] } } });

type Row = [place: keyof typeof places, body: object, code: string | null, param: string, message: string];

const rows: Row[] = [
  ['createAssistant', {}, 'missing_required_parameter', 'model', "Missing required parameter: 'model'."],
  [
    'createAssistant',
    { model: 1 },
    'invalid_type',
    'model',
    "Invalid type for 'model': expected a string, but got an integer instead.",
  ],
  [
    'createAssistant',
    { model: '' },
    'empty_string',
    'model',
    "Invalid 'model': empty string. Expected a string with minimum length 1, but got an empty string instead.",
  ],
  ['createAssistant', assistant({ modle: 'x' }), 'unknown_parameter', 'modle', "Unknown parameter: 'modle'."],
  [
    'createAssistant',
    assistant({ name: 'n'.repeat(257) }),
    'string_above_max_length',
    'name',
    "Invalid 'name': string too long. Expected a string with maximum length 256, but got a string with length 257 instead.",
  ],
  [
    'createAssistant',
    assistant({ description: 'd'.repeat(513) }),
    'string_above_max_length',
    'description',
    "Invalid 'description': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
  ],
  [
    'createAssistant',
    assistant({ instructions: 'i'.repeat(256_001) }),
    'string_above_max_length',
    'instructions',
    "Invalid 'instructions': string too long. Expected a string with maximum length 256000, but got a string with length 256001 instead.",
  ],
  [
    'createAssistant',
    assistant({ temperature: 2.5 }),
    'decimal_above_max_value',
    'temperature',
    "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
  ],
  [
    'createAssistant',
    assistant({ temperature: -1 }),
    'decimal_below_min_value',
    'temperature',
    "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
  ],
  [
    'createAssistant',
    assistant({ top_p: '1' }),
    'invalid_type',
    'top_p',
    "Invalid type for 'top_p': expected a decimal, but got a string instead.",
  ],
  [
    'createAssistant',
    assistant({ metadata: pairs(17) }),
    'object_above_max_properties',
    'metadata',
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
  ],
  [
    'createAssistant',
    assistant({ metadata: { ['k'.repeat(65)]: 'v' } }),
    'property_name_above_max_length',
    'metadata',
    "Invalid 'metadata': property name too long. Expected a property name with maximum length 64, but got a property name with length 65 instead.",
  ],
  [
    'createAssistant',
    assistant({ metadata: { k: 'v'.repeat(513) } }),
    'string_above_max_length',
    'metadata.k',
    "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
  ],
  [
    'createAssistant',
    assistant({ metadata: { k: null } }),
    'invalid_type',
    'metadata.k',
    "Invalid type for 'metadata.k': expected a string, but got null instead.",
  ],
  [
    'createAssistant',
    assistant({ metadata: [] }),
    'invalid_type',
    'metadata',
    "Invalid type for 'metadata': expected an object, but got an array instead.",
  ],
  [
    'createAssistant',
    assistant({ tools: null }),
    'invalid_type',
    'tools',
    "Invalid type for 'tools': expected an array, but got null instead.",
  ],
  [
    'createAssistant',
    assistant({ tools: Array.from({ length: 129 }, () => ({ type: 'code_interpreter' })) }),
    'array_above_max_length',
    'tools',
    "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
  ],
  [
    'createAssistant',
    assistant({ tools: [{ type: 'browser' }] }),
    'invalid_value',
    'tools[0].type',
    "Invalid value: 'browser'. Supported values are: 'code_interpreter', 'file_search', and 'function'.",
  ],
  [
    'createAssistant',
    assistant({ tools: [{}] }),
    'missing_required_parameter',
    'tools[0].type',
    "Missing required parameter: 'tools[0].type'.",
  ],
  [
    'createAssistant',
    assistant({ tools: ['function'] }),
    'invalid_type',
    'tools[0]',
    "Invalid type for 'tools[0]': expected an object, but got a string instead.",
  ],
  [
    'createAssistant',
    assistant({ tools: [{ type: 'function' }] }),
    'missing_required_parameter',
    'tools[0].function',
    "Missing required parameter: 'tools[0].function'.",
  ],
  [
    'createAssistant',
    assistant({ tools: [{ type: 'function', function: {} }] }),
    'missing_required_parameter',
    'tools[0].function.name',
    "Missing required parameter: 'tools[0].function.name'.",
  ],
  [
    'createAssistant',
    assistant({ tools: [functionTool('two words')] }),
    'invalid_value',
    'tools[0].function.name',
    "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
  ],
  [
    'createAssistant',
    assistant({ tools: [functionTool('f'.repeat(65))] }),
    'string_above_max_length',
    'tools[0].function.name',
    "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
  ],
  [
    'createAssistant',
    assistant({ tools: [{ type: 'file_search', file_search: { max_num_results: 51 } }] }),
    'integer_above_max_value',
    'tools[0].file_search.max_num_results',
    "Invalid 'tools[0].file_search.max_num_results': integer above maximum value. Expected a value <= 50, but got 51 instead.",
  ],
  [
    'createAssistant',
    assistant({ tools: [{ type: 'file_search', file_search: { ranking_options: { score_threshold: 2 } } }] }),
    'decimal_above_max_value',
    'tools[0].file_search.ranking_options.score_threshold',
    "Invalid 'tools[0].file_search.ranking_options.score_threshold': decimal above maximum value. Expected a value <= 1, but got 2 instead.",
  ],
  [
    'createAssistant',
    assistant({ response_format: 'json' }),
    'invalid_value',
    'response_format',
    "Invalid value: 'json'. Supported values are: 'auto'.",
  ],
  [
    'createAssistant',
    assistant({ response_format: 7 }),
    'invalid_type',
    'response_format',
    "Invalid type for 'response_format': expected one of a string or an object, but got an integer instead.",
  ],
  [
    'createAssistant',
    assistant({ response_format: { type: 'json_schema' } }),
    'missing_required_parameter',
    'response_format.json_schema',
    "Missing required parameter: 'response_format.json_schema'.",
  ],
  [
    'createAssistant',
    assistant({ reasoning_effort: 'immense' }),
    'invalid_value',
    'reasoning_effort',
    "Invalid value: 'immense'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
  ],
  [
    'createAssistant',
    assistant({ tool_resources: { code_interpreter: { file_ids: Array.from({ length: 21 }, () => 'file-1') } } }),
    'array_above_max_length',
    'tool_resources.code_interpreter.file_ids',
    "Invalid 'tool_resources.code_interpreter.file_ids': array too long. Expected an array with maximum length 20, but got an array with length 21 instead.",
  ],
  [
    'createAssistant',
    assistant({ tool_resources: { file_search: { vector_store_ids: ['vs_1', 'vs_2'] } } }),
    'array_above_max_length',
    'tool_resources.file_search.vector_store_ids',
    "Invalid 'tool_resources.file_search.vector_store_ids': array too long. Expected an array with maximum length 1, but got an array with length 2 instead.",
  ],
  [
    'createAssistant',
    assistant({ tool_resources: { file_search: { vector_stores: [{}], vector_store_ids: ['vs_1'] } } }),
    'invalid_value',
    'tool_resources.file_search',
    "Invalid 'tool_resources.file_search': 'vector_store_ids' and 'vector_stores' are mutually exclusive. Expected one of them.",
  ],
  [
    'createAssistant',
    store({ type: 'static', static: { max_chunk_size_tokens: 99, chunk_overlap_tokens: 0 } }),
    'integer_below_min_value',
    'tool_resources.file_search.vector_stores[0].chunking_strategy.static.max_chunk_size_tokens',
    "Invalid 'tool_resources.file_search.vector_stores[0].chunking_strategy.static.max_chunk_size_tokens': integer below minimum value. Expected a value >= 100, but got 99 instead.",
  ],
  [
    'createAssistant',
    store({ type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 51 } }),
    'integer_above_max_value',
    'tool_resources.file_search.vector_stores[0].chunking_strategy.static.chunk_overlap_tokens',
    "Invalid 'tool_resources.file_search.vector_stores[0].chunking_strategy.static.chunk_overlap_tokens': integer above maximum value. Expected a value <= 50, but got 51 instead.",
  ],

  [
    'modifyAssistant',
    { model: null },
    'invalid_type',
    'model',
    "Invalid type for 'model': expected a string, but got null instead.",
  ],
  ['modifyAssistant', { id: 'asst_2' }, 'unknown_parameter', 'id', "Unknown parameter: 'id'."],
  [
    'modifyAssistant',
    { tool_resources: { file_search: { vector_stores: [] } } },
    'unknown_parameter',
    'tool_resources.file_search.vector_stores',
    "Unknown parameter: 'tool_resources.file_search.vector_stores'.",
  ],

  [
    'createThread',
    { messages: {} },
    'invalid_type',
    'messages',
    "Invalid type for 'messages': expected an array, but got an object instead.",
  ],
  [
    'createThread',
    { messages: [{ content: 'hi' }] },
    'missing_required_parameter',
    'messages[0].role',
    "Missing required parameter: 'messages[0].role'.",
  ],
  [
    'createThread',
    { messages: [message({ role: 'system' })] },
    'invalid_value',
    'messages[0].role',
    "Invalid value: 'system'. Supported values are: 'user' and 'assistant'.",
  ],
  ['modifyThread', { messages: [] }, 'unknown_parameter', 'messages', "Unknown parameter: 'messages'."],

  [
    'createMessage',
    { role: 'user' },
    'missing_required_parameter',
    'content',
    "Missing required parameter: 'content'.",
  ],
  [
    'createMessage',
    message({ content: 5 }),
    'invalid_type',
    'content',
    "Invalid type for 'content': expected one of a string or an array, but got an integer instead.",
  ],
  [
    'createMessage',
    message({ content: [] }),
    'empty_array',
    'content',
    "Invalid 'content': empty array. Expected an array with minimum length 1, but got an empty array instead.",
  ],
  [
    'createMessage',
    message({ content: 'c'.repeat(256_001) }),
    'string_above_max_length',
    'content',
    "Invalid 'content': string too long. Expected a string with maximum length 256000, but got a string with length 256001 instead.",
  ],
  [
    'createMessage',
    message({ content: [{ type: 'text', text: { value: 'hi' } }] }),
    'invalid_type',
    'content[0].text',
    "Invalid type for 'content[0].text': expected a string, but got an object instead.",
  ],
  [
    'createMessage',
    message({ content: [{ type: 'audio' }] }),
    'invalid_value',
    'content[0].type',
    "Invalid value: 'audio'. Supported values are: 'text', 'image_url', and 'image_file'.",
  ],
  [
    'createMessage',
    message({ content: [{ type: 'image_url', image_url: { url: 'nope' } }] }),
    'invalid_value',
    'content[0].image_url.url',
    "Invalid 'content[0].image_url.url'. Expected a valid URL, but got a value with an invalid format.",
  ],
  [
    'createMessage',
    message({ content: [{ type: 'image_file', image_file: { file_id: 'file-1', detail: 'huge' } }] }),
    'invalid_value',
    'content[0].image_file.detail',
    "Invalid value: 'huge'. Supported values are: 'auto', 'low', and 'high'.",
  ],
  [
    'createMessage',
    message({ attachments: [{ file_id: 'file-1', tools: [{ type: 'function' }] }] }),
    'invalid_value',
    'attachments[0].tools[0].type',
    "Invalid value: 'function'. Supported values are: 'code_interpreter' and 'file_search'.",
  ],
  ['modifyMessage', { content: 'new' }, 'unknown_parameter', 'content', "Unknown parameter: 'content'."],
  [
    'modifyMessage',
    { metadata: { k: 1 } },
    'invalid_type',
    'metadata.k',
    "Invalid type for 'metadata.k': expected a string, but got an integer instead.",
  ],

  ['createRun', {}, 'missing_required_parameter', 'assistant_id', "Missing required parameter: 'assistant_id'."],
  [
    'createRun',
    { assistant_id: 'thread_1' },
    'invalid_value',
    'assistant_id',
    "Invalid 'assistant_id': 'thread_1'. Expected an ID that begins with 'asst'.",
  ],
  [
    'createRun',
    run({ max_prompt_tokens: 255 }),
    'integer_below_min_value',
    'max_prompt_tokens',
    "Invalid 'max_prompt_tokens': integer below minimum value. Expected a value >= 256, but got 255 instead.",
  ],
  [
    'createRun',
    run({ max_completion_tokens: 300.5 }),
    'invalid_type',
    'max_completion_tokens',
    "Invalid type for 'max_completion_tokens': expected an integer, but got a decimal number instead.",
  ],
  [
    'createRun',
    run({ tools: Array.from({ length: 21 }, () => ({ type: 'file_search' })) }),
    'array_above_max_length',
    'tools',
    "Invalid 'tools': array too long. Expected an array with maximum length 20, but got an array with length 21 instead.",
  ],
  [
    'createRun',
    run({ truncation_strategy: { type: 'newest' } }),
    'invalid_value',
    'truncation_strategy.type',
    "Invalid value: 'newest'. Supported values are: 'auto' and 'last_messages'.",
  ],
  [
    'createRun',
    run({ truncation_strategy: { type: 'last_messages', last_messages: 0 } }),
    'integer_below_min_value',
    'truncation_strategy.last_messages',
    "Invalid 'truncation_strategy.last_messages': integer below minimum value. Expected a value >= 1, but got 0 instead.",
  ],
  [
    'createRun',
    run({ tool_choice: 'maybe' }),
    'invalid_value',
    'tool_choice',
    "Invalid value: 'maybe'. Supported values are: 'none', 'auto', and 'required'.",
  ],
  [
    'createRun',
    run({ tool_choice: { type: 'function' } }),
    'missing_required_parameter',
    'tool_choice.function',
    "Missing required parameter: 'tool_choice.function'.",
  ],
  [
    'createRun',
    run({ parallel_tool_calls: null }),
    'invalid_type',
    'parallel_tool_calls',
    "Invalid type for 'parallel_tool_calls': expected a boolean, but got null instead.",
  ],
  [
    'createRun',
    run({ stream: 'yes' }),
    'invalid_type',
    'stream',
    "Invalid type for 'stream': expected a boolean, but got a string instead.",
  ],
  [
    'createRun',
    run({ additional_messages: [message({ x: 1 })] }),
    'unknown_parameter',
    'additional_messages[0].x',
    "Unknown parameter: 'additional_messages[0].x'.",
  ],
  [
    'createRun',
    run({ tool_resources: {} }),
    'unknown_parameter',
    'tool_resources',
    "Unknown parameter: 'tool_resources'.",
  ],
  ['modifyRun', { status: 'completed' }, 'unknown_parameter', 'status', "Unknown parameter: 'status'."],
  [
    'createThreadAndRun',
    run({ thread: null }),
    'invalid_type',
    'thread',
    "Invalid type for 'thread': expected an object, but got null instead.",
  ],
  [
    'createThreadAndRun',
    run({ thread: { messages: [message({ content: [] })] } }),
    'empty_array',
    'thread.messages[0].content',
    "Invalid 'thread.messages[0].content': empty array. Expected an array with minimum length 1, but got an empty array instead.",
  ],
  [
    'createThreadAndRun',
    run({ additional_messages: [] }),
    'unknown_parameter',
    'additional_messages',
    "Unknown parameter: 'additional_messages'.",
  ],
  [
    'submitToolOutputs',
    {},
    'missing_required_parameter',
    'tool_outputs',
    "Missing required parameter: 'tool_outputs'.",
  ],
  [
    'submitToolOutputs',
    { tool_outputs: [{ output: 'x' }] },
    'missing_required_parameter',
    'tool_outputs[0].tool_call_id',
    "Missing required parameter: 'tool_outputs[0].tool_call_id'.",
  ],
  [
    'submitToolOutputs',
    { tool_outputs: [{ tool_call_id: 'call_1', output: {} }] },
    'invalid_type',
    'tool_outputs[0].output',
    "Invalid type for 'tool_outputs[0].output': expected a string, but got an object instead.",
  ],
];

const twice = { tools: [functionTool('look'), functionTool('look')] };
const image = (url: string) => message({ content: [{ type: 'image_url', image_url: { url } }] });

rows.push(
  ...Object.entries({
    createAssistant: assistant(twice),
    modifyAssistant: twice,
    createRun: run(twice),
    createThreadAndRun: run(twice),
  }).map(
    ([place, body]): Row => [
      place as Row[0],
      body,
      'invalid_value',
      'tools[1]',
      'Function tools must have unique names.',
    ],
  ),
  ...['data:image/png;base64,iVBORw0KGgo=', 'javascript:alert(1)', ' JavaScript:alert(1)', 'ftp://example.com/a.png']
    .flatMap((url): [Row[0], object, string][] => [
      ['createMessage', image(url), ''],
      ['createThread', { messages: [image(url)] }, 'messages[0].'],
      ['createRun', run({ additional_messages: [message({}), image(url)] }), 'additional_messages[1].'],
      ['createThreadAndRun', run({ thread: { messages: [image(url)] } }), 'thread.messages[0].'],
    ])
    .map(
      ([place, body, parent]): Row => [
        place,
        body,
        'invalid_value',
        `${parent}content[0].image_url.url`,
        `Invalid '${parent}content[0].image_url.url'. Expected a URL that begins with 'http://' or 'https://'.`,
      ],
    ),
);

describe('an invalid body', () => {
  test.each(rows)('is a 400 for %s: %j', async (place, body, code, param, text) => {
    expect(await client.errorOf('POST', places[place](), body)).toEqual({
      status: 400,
      type: 'invalid_request_error',
      code,
      param,
      message: text,
    });
  });
});

describe('an invalid query', () => {
  test.each([
    [
      'limit=0',
      'integer_below_min_value',
      'limit',
      "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    ],
    [
      'limit=1000',
      'integer_above_max_value',
      'limit',
      "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 1000 instead.",
    ],
    ['limit=many', 'invalid_type', 'limit', "Invalid type for 'limit': expected an integer, but got a string instead."],
    [
      'limit=1.5',
      'invalid_type',
      'limit',
      "Invalid type for 'limit': expected an integer, but got a decimal number instead.",
    ],
    ['order=newest', 'invalid_value', 'order', "Invalid value: 'newest'. Supported values are: 'asc' and 'desc'."],
    [
      'after=msg_none',
      'invalid_value',
      'after',
      "Invalid 'after': 'msg_none'. Expected the ID of an object in this list.",
    ],
    [
      'before=nonsense',
      'invalid_value',
      'before',
      "Invalid 'before': 'nonsense'. Expected the ID of an object in this list.",
    ],
    [
      'run_id=thread_1',
      'invalid_value',
      'run_id',
      "Invalid 'run_id': 'thread_1'. Expected an ID that begins with 'run'.",
    ],
  ])('is a 400: messages?%s', async (query, code, param, text) => {
    expect(await client.errorOf('GET', `/threads/${ids.thread}/messages?${query}`)).toEqual({
      status: 400,
      type: 'invalid_request_error',
      code,
      param,
      message: text,
    });
  });

  test.each([
    () => '/assistants?limit=&order=&after=&before=',
    () => `/threads/${ids.thread}/messages?limit=&order=&after=&before=&run_id=`,
    () => `/threads/${ids.thread}/runs?limit=&order=&after=&before=`,
    () => `/threads/${ids.thread}/runs/${ids.run}/steps?limit=&order=&after=&before=&include[]=`,
  ])('empty parameters count as absent: list %#', async (path) => {
    const [bare = ''] = path().split('?');
    expect(await client.get(path())).toEqual(await client.get(bare));
  });

  test('empty parameters count as absent: run events and a single step', async () => {
    const path = `/threads/${ids.thread}/runs/${ids.run}`;
    expect(await client.events('GET', `${path}/events?after=`)).toEqual(await client.events('GET', `${path}/events`));
    const { data } = await client.get<{ data: { id: string }[] }>(`${path}/steps`);
    expect(await client.get(`${path}/steps/${data[0]?.id}?include[]=`)).toEqual(data[0]);
  });

  test('include[] accepts its only value', async () => {
    const steps = `/threads/${ids.thread}/runs/${ids.run}/steps`;
    const value = 'step_details.tool_calls[*].file_search.results[*].content';
    expect(await client.errorOf('GET', `${steps}?include[]=everything`)).toMatchObject({
      status: 400,
      param: 'include[0]',
      message: `Invalid value: 'everything'. Supported values are: '${value}'.`,
    });
    await client.get(`${steps}?include[]=${encodeURIComponent(value)}`);
  });

  test('unknown query parameters are ignored', async () => {
    const path = `/threads/${ids.thread}/messages`;
    expect(await client.get(`${path}?api-version=v1&foo[]=1`)).toEqual(await client.get(path));
  });
});

test('lengths are counted in characters: an emoji is one', async () => {
  const { name } = await client.assistant({ name: '😀'.repeat(256) });
  expect(name).toBe('😀'.repeat(256));
});

test('values at the limits are accepted', async () => {
  const body = {
    name: 'n'.repeat(256),
    description: 'd'.repeat(512),
    metadata: { ...pairs(15), ['k'.repeat(64)]: 'v'.repeat(512) },
    temperature: 2,
    top_p: 0,
    tools: Array.from({ length: 128 }, (_, index) => functionTool(`f${index}`)),
  };
  expect(await client.assistant(body)).toMatchObject(body);
});
