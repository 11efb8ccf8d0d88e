import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { assistant, message, run } from './fixtures.ts';

const routes = {
  'POST /assistants': assistant,
  'POST /assistants/asst_1': assistant,
  'POST /threads/thread_1/messages': message,
  'POST /threads/thread_1/runs': run,
};

/** Carries a write out and returns the body that REST was sent. */
const bodyOf = async (write: string, variables?: Record<string, unknown>) => {
  const { query, upstream } = await startFacade(routes);
  const { errors } = await query(write, variables);
  expect(errors).toBeUndefined();
  return upstream.calls[0]?.body;
};

const refused = async (write: string, variables?: Record<string, unknown>) => {
  const { query, upstream } = await startFacade(routes);
  const { errors } = await query(write, variables);
  expect(upstream.calls).toEqual([]);
  expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  return errors?.[0]?.message;
};

const createMessage = (content: string) =>
  `mutation { createMessage(input: { threadId: "thread_1", role: USER, content: [${content}] }) { clientMutationId } }`;
const modifyAssistant = (member: string) =>
  `mutation { modifyAssistant(input: { assistantId: "asst_1", ${member} }) { clientMutationId } }`;
const createAssistant = (member: string) =>
  `mutation { createAssistant(input: { model: "m", ${member} }) { clientMutationId } }`;
const createRun = (member: string) =>
  `mutation { createRun(input: { threadId: "thread_1", assistantId: "asst_1", ${member} }) { clientMutationId } }`;

test.each([
  ['{ text: "Hello" }', { type: 'text', text: 'Hello' }],
  ['{ text: "" }', { type: 'text', text: '' }],
  [
    '{ imageUrl: { url: "https://example.org/a.png", detail: LOW } }',
    { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'low' } },
  ],
  [
    '{ imageUrl: { url: "https://example.org/a.png", detail: null } }',
    { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
  ],
  ['{ imageFile: { fileId: "file_1" } }', { type: 'image_file', image_file: { file_id: 'file_1' } }],
])('content: [%s]', async (content, body) => {
  expect(await bodyOf(createMessage(content))).toEqual({ role: 'user', content: [body] });
});

test.each([
  ['{ codeInterpreter: true }', { type: 'code_interpreter' }],
  ['{ fileSearch: {} }', { type: 'file_search' }],
  ['{ fileSearch: { maxNumResults: 5 } }', { type: 'file_search', file_search: { max_num_results: 5 } }],
  ['{ fileSearch: { maxNumResults: null } }', { type: 'file_search' }],
  [
    '{ fileSearch: { rankingOptions: { ranker: DEFAULT_2024_08_21, scoreThreshold: 0 } } }',
    { type: 'file_search', file_search: { ranking_options: { ranker: 'default_2024_08_21', score_threshold: 0 } } },
  ],
  ['{ function: { name: "bake" } }', { type: 'function', function: { name: 'bake' } }],
  [
    '{ function: { name: "bake", description: "", parameters: { camelCase: { a_b: [1, null, "x"] } }, strict: null } }',
    {
      type: 'function',
      function: { name: 'bake', description: '', parameters: { camelCase: { a_b: [1, null, 'x'] } }, strict: null },
    },
  ],
])('tools: [%s]', async (tool, body) => {
  expect(await bodyOf(modifyAssistant(`tools: [${tool}]`))).toEqual({ tools: [body] });
});

test.each([
  ['{ type: AUTO }', 'auto'],
  ['{ type: TEXT }', { type: 'text' }],
  ['{ type: JSON_OBJECT }', { type: 'json_object' }],
  [
    '{ jsonSchema: { name: "loaf", schema: { keepMe: true }, strict: true } }',
    { type: 'json_schema', json_schema: { name: 'loaf', schema: { keepMe: true }, strict: true } },
  ],
])('responseFormat: %s', async (format, body) => {
  expect(await bodyOf(modifyAssistant(`responseFormat: ${format}`))).toEqual({ response_format: body });
});

test.each([
  ['{ mode: NONE }', 'none'],
  ['{ mode: AUTO }', 'auto'],
  ['{ mode: REQUIRED }', 'required'],
  ['{ tool: FILE_SEARCH }', { type: 'file_search' }],
  ['{ tool: CODE_INTERPRETER }', { type: 'code_interpreter' }],
  ['{ function: "bake" }', { type: 'function', function: { name: 'bake' } }],
])('toolChoice: %s', async (choice, body) => {
  expect(await bodyOf(createRun(`toolChoice: ${choice}`))).toEqual({ assistant_id: 'asst_1', tool_choice: body });
});

test.each([
  ['{}', {}],
  ['{ codeInterpreter: null, fileSearch: null }', {}],
  ['{ codeInterpreter: {}, fileSearch: {} }', { code_interpreter: {}, file_search: {} }],
  [
    '{ codeInterpreter: { fileIds: [] }, fileSearch: { vectorStoreIds: [] } }',
    { code_interpreter: { file_ids: [] }, file_search: { vector_store_ids: [] } },
  ],
  ['{ fileSearch: { vectorStores: [] } }', { file_search: { vector_stores: [] } }],
  ['{ fileSearch: { vectorStores: null } }', { file_search: {} }],
  [
    '{ fileSearch: { vectorStores: [{ fileIds: ["file_1"], chunkingStrategy: { auto: true }, metadata: { aB: "c" } }] } }',
    {
      file_search: {
        vector_stores: [{ file_ids: ['file_1'], chunking_strategy: { type: 'auto' }, metadata: { aB: 'c' } }],
      },
    },
  ],
  [
    '{ fileSearch: { vectorStores: [{ chunkingStrategy: { static: { maxChunkSizeTokens: 800, chunkOverlapTokens: 400 } } }] } }',
    {
      file_search: {
        vector_stores: [
          {
            chunking_strategy: {
              type: 'static',
              static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 },
            },
          },
        ],
      },
    },
  ],
])('toolResources: %s', async (resources, body) => {
  expect(await bodyOf(createAssistant(`toolResources: ${resources}`))).toEqual({ model: 'm', tool_resources: body });
});

describe('in a variable', () => {
  const write = 'mutation ($input: ModifyAssistantInput!) { modifyAssistant(input: $input) { clientMutationId } }';

  test('a member is sent as in the document', async () => {
    const input = { assistantId: 'asst_1', tools: [{ function: { name: 'bake', parameters: { x: 1 } } }] };

    expect(await bodyOf(write, { input })).toEqual({
      tools: [{ type: 'function', function: { name: 'bake', parameters: { x: 1 } } }],
    });
  });

  test.each([
    { codeInterpreter: true, fileSearch: {} },
    {},
    { codeInterpreter: null },
    { fileSearch: {}, function: null },
  ])('%j is an error: exactly one member must be set', async (tool) => {
    expect(await refused(write, { input: { assistantId: 'asst_1', tools: [tool] } })).toMatch(/exactly one|non-null/i);
  });
});

test.each([
  createMessage('{ text: "a", imageFile: { fileId: "f" } }'),
  createMessage('{}'),
  modifyAssistant('tools: [{ codeInterpreter: true, fileSearch: {} }]'),
  modifyAssistant('responseFormat: { type: TEXT, jsonSchema: { name: "n" } }'),
  createRun('toolChoice: { mode: AUTO, function: "f" }'),
  createAssistant('toolResources: { fileSearch: { vectorStores: [{ chunkingStrategy: {} }] } }'),
])('%s is an error without a REST call: exactly one member must be set', async (write) => {
  expect(await refused(write)).toMatch(/exactly one/i);
});

test.each([
  [modifyAssistant('tools: [{ codeInterpreter: false }]'), '`codeInterpreter` cannot be false.'],
  [
    createMessage('{ text: "a" }').replace(
      'role: USER',
      'role: USER, attachments: [{ tools: [{ fileSearch: false }] }]',
    ),
    'A tool of an attachment cannot be false.',
  ],
  [
    createAssistant('toolResources: { fileSearch: { vectorStores: [{ chunkingStrategy: { auto: false } }] } }'),
    '`auto` cannot be false.',
  ],
])('%s is an error', async (write, why) => {
  expect(await refused(write)).toContain(why);
});

describe('UNKNOWN, which is output only, is an error', () => {
  const allowed: [what: string, write: string, names: string][] = [
    ['a role', createMessage('{ text: "a" }').replace('USER', 'UNKNOWN'), 'ASSISTANT, USER'],
    ['a detail', createMessage('{ imageFile: { fileId: "f", detail: UNKNOWN } }'), 'AUTO, HIGH, LOW'],
    ['a mode', createRun('toolChoice: { mode: UNKNOWN }'), 'AUTO, NONE, REQUIRED'],
    ['a truncation', createRun('truncationStrategy: { type: UNKNOWN }'), 'AUTO, LAST_MESSAGES'],
    [
      'a ranker',
      modifyAssistant('tools: [{ fileSearch: { rankingOptions: { ranker: UNKNOWN, scoreThreshold: 1 } } }]'),
      'AUTO, DEFAULT_2024_08_21',
    ],
  ];

  test.each(allowed)('as %s', async (_, write, names) => {
    const why = (await refused(write)) ?? '';

    expect(why).toContain('cannot be UNKNOWN in an input');
    expect(
      why
        .match(/Allowed: (.*)\./)?.[1]
        ?.split(', ')
        .toSorted()
        .join(', '),
    ).toBe(names);
  });

  test('in a variable, too', async () => {
    const write = 'mutation ($input: CreateMessageInput!) { createMessage(input: $input) { clientMutationId } }';
    const input = { threadId: 'thread_1', role: 'UNKNOWN', content: [{ text: 'a' }] };

    expect(await refused(write, { input })).toContain('MessageRole cannot be UNKNOWN in an input');
  });
});
