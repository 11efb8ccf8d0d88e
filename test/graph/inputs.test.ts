import { isInputObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { startFacade } from '../support/facade.ts';
import { assistant, message, run, thread, vectorStore, vectorStoreFile } from './fixtures.ts';

const schema = createSchema();

/** What the graph keeps for itself. */
const notSent = new Set(['clientMutationId', 'waitSeconds', 'onActiveRun', 'idempotencyKey']);

interface Write {
  name: string;
  /** What REST is asked. */
  line: string;
  result: object;
  /** The least that the input needs, and the body of it. */
  least: Record<string, unknown>;
  leastBody?: Record<string, unknown>;
  /** Whatever else the input takes, and the body of that. */
  rest?: Record<string, unknown>;
  restBody?: Record<string, unknown>;
}

const metadata = { a: 'b' };
const tools = [{ function: { name: 'bake', parameters: { type: 'object' } } }];
const toolsBody = [{ type: 'function', function: { name: 'bake', parameters: { type: 'object' } } }];
const resources = { codeInterpreter: { fileIds: ['file_1'] }, fileSearch: { vectorStoreIds: ['vs_1'] } };
const resourcesBody = { code_interpreter: { file_ids: ['file_1'] }, file_search: { vector_store_ids: ['vs_1'] } };
const hello = { role: 'USER', content: [{ text: 'Hello' }] };
const helloBody = { role: 'user', content: [{ type: 'text', text: 'Hello' }] };
const attached = [{ fileId: 'file_1', tools: [{ codeInterpreter: true }, { fileSearch: true }] }];
const attachedBody = [{ file_id: 'file_1', tools: [{ type: 'code_interpreter' }, { type: 'file_search' }] }];

const configuration = {
  name: 'Baker',
  description: 'Knows bread.',
  instructions: 'Be warm.',
  reasoningEffort: 'LOW',
  tools,
  metadata,
  temperature: 0.5,
  topP: 0.25,
  responseFormat: { type: 'JSON_OBJECT' },
  toolResources: resources,
};
const configurationBody = {
  name: 'Baker',
  description: 'Knows bread.',
  instructions: 'Be warm.',
  reasoning_effort: 'low',
  tools: toolsBody,
  metadata,
  temperature: 0.5,
  top_p: 0.25,
  response_format: { type: 'json_object' },
  tool_resources: resourcesBody,
};

const runOptions = {
  model: 'other-model',
  instructions: 'Be brief.',
  tools,
  metadata,
  temperature: 1.5,
  topP: 0.75,
  maxPromptTokens: 300,
  maxCompletionTokens: 400,
  truncationStrategy: { type: 'LAST_MESSAGES', lastMessages: 20 },
  toolChoice: { mode: 'REQUIRED' },
  parallelToolCalls: false,
  responseFormat: { jsonSchema: { name: 'loaf', schema: { type: 'object' }, strict: true } },
};
const runOptionsBody = {
  model: 'other-model',
  instructions: 'Be brief.',
  tools: toolsBody,
  metadata,
  temperature: 1.5,
  top_p: 0.75,
  max_prompt_tokens: 300,
  max_completion_tokens: 400,
  truncation_strategy: { type: 'last_messages', last_messages: 20 },
  tool_choice: 'required',
  parallel_tool_calls: false,
  response_format: { type: 'json_schema', json_schema: { name: 'loaf', schema: { type: 'object' }, strict: true } },
};

const attributes = { crust: 'thin', minutes: 40, vegan: true };
const chunking = { static: { maxChunkSizeTokens: 800, chunkOverlapTokens: 400 } };
const chunkingBody = { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } };

const inStore = { vectorStoreId: 'vs_1' };
const inThread = { threadId: 'thread_1' };
const ofRun = { threadId: 'thread_1', runId: 'run_1' };
const ofMessage = { threadId: 'thread_1', messageId: 'msg_1' };

const writes: Write[] = [
  {
    name: 'createAssistant',
    line: 'POST /assistants',
    result: assistant,
    least: { model: 'some-model' },
    leastBody: { model: 'some-model' },
    rest: configuration,
    restBody: configurationBody,
  },
  {
    name: 'modifyAssistant',
    line: 'POST /assistants/asst_1',
    result: assistant,
    least: { assistantId: 'asst_1' },
    leastBody: {},
    rest: { ...configuration, model: 'other-model' },
    restBody: { ...configurationBody, model: 'other-model' },
  },
  {
    name: 'deleteAssistant',
    line: 'DELETE /assistants/asst_1',
    result: { id: 'asst_1', deleted: true },
    least: { assistantId: 'asst_1' },
  },
  {
    name: 'createThread',
    line: 'POST /threads',
    result: thread,
    least: {},
    leastBody: {},
    rest: { messages: [hello], metadata, toolResources: resources },
    restBody: { messages: [helloBody], metadata, tool_resources: resourcesBody },
  },
  {
    name: 'modifyThread',
    line: 'POST /threads/thread_1',
    result: thread,
    least: inThread,
    leastBody: {},
    rest: { metadata, toolResources: resources },
    restBody: { metadata, tool_resources: resourcesBody },
  },
  {
    name: 'deleteThread',
    line: 'DELETE /threads/thread_1',
    result: { id: 'thread_1', deleted: true },
    least: inThread,
  },
  {
    name: 'createMessage',
    line: 'POST /threads/thread_1/messages',
    result: message,
    least: { ...inThread, ...hello },
    leastBody: helloBody,
    rest: { attachments: attached, metadata },
    restBody: { attachments: attachedBody, metadata },
  },
  {
    name: 'modifyMessage',
    line: 'POST /threads/thread_1/messages/msg_1',
    result: message,
    least: ofMessage,
    leastBody: {},
    rest: { metadata },
    restBody: { metadata },
  },
  {
    name: 'deleteMessage',
    line: 'DELETE /threads/thread_1/messages/msg_1',
    result: { id: 'msg_1', deleted: true },
    least: ofMessage,
  },
  {
    name: 'createRun',
    line: 'POST /threads/thread_1/runs',
    result: run,
    least: { ...inThread, assistantId: 'asst_1' },
    leastBody: { assistant_id: 'asst_1' },
    rest: {
      ...runOptions,
      reasoningEffort: 'XHIGH',
      additionalInstructions: 'And kind.',
      additionalMessages: [{ ...hello, attachments: attached, metadata }],
    },
    restBody: {
      ...runOptionsBody,
      reasoning_effort: 'xhigh',
      additional_instructions: 'And kind.',
      additional_messages: [{ ...helloBody, attachments: attachedBody, metadata }],
    },
  },
  {
    name: 'createThreadAndRun',
    line: 'POST /threads/runs',
    result: run,
    least: { assistantId: 'asst_1' },
    leastBody: { assistant_id: 'asst_1' },
    rest: { ...runOptions, thread: { messages: [hello], metadata }, toolResources: resources },
    restBody: { ...runOptionsBody, thread: { messages: [helloBody], metadata }, tool_resources: resourcesBody },
  },
  {
    name: 'modifyRun',
    line: 'POST /threads/thread_1/runs/run_1',
    result: run,
    least: ofRun,
    leastBody: {},
    rest: { metadata },
    restBody: { metadata },
  },
  { name: 'cancelRun', line: 'POST /threads/thread_1/runs/run_1/cancel', result: run, least: ofRun },
  { name: 'deleteFile', line: 'DELETE /files/file-1', result: { id: 'file-1' }, least: { fileId: 'file-1' } },
  {
    name: 'createVectorStore',
    line: 'POST /vector_stores',
    result: vectorStore,
    least: {},
    leastBody: {},
    rest: {
      name: 'Recipes',
      description: 'All about bread.',
      fileIds: ['file-1'],
      expiresAfter: { anchor: 'LAST_ACTIVE_AT', days: 7 },
      chunkingStrategy: chunking,
      metadata,
    },
    restBody: {
      name: 'Recipes',
      description: 'All about bread.',
      file_ids: ['file-1'],
      expires_after: { anchor: 'last_active_at', days: 7 },
      chunking_strategy: chunkingBody,
      metadata,
    },
  },
  {
    name: 'modifyVectorStore',
    line: 'POST /vector_stores/vs_1',
    result: vectorStore,
    least: inStore,
    leastBody: {},
    rest: { name: 'Cakes', expiresAfter: { anchor: 'LAST_ACTIVE_AT', days: 7 }, metadata },
    restBody: { name: 'Cakes', expires_after: { anchor: 'last_active_at', days: 7 }, metadata },
  },
  { name: 'deleteVectorStore', line: 'DELETE /vector_stores/vs_1', result: { id: 'vs_1' }, least: inStore },
  {
    name: 'createVectorStoreFile',
    line: 'POST /vector_stores/vs_1/files',
    result: vectorStoreFile,
    least: { ...inStore, fileId: 'file-1' },
    leastBody: { file_id: 'file-1' },
    rest: { attributes, chunkingStrategy: chunking },
    restBody: { attributes, chunking_strategy: chunkingBody },
  },
  {
    name: 'createVectorStoreFileBatch',
    line: 'POST /vector_stores/vs_1/file_batches',
    result: { id: 'vsfb_1' },
    least: inStore,
    leastBody: {},
    rest: {
      fileIds: ['file-1'],
      files: [{ fileId: 'file-2', attributes, chunkingStrategy: chunking }],
      attributes,
      chunkingStrategy: chunking,
    },
    restBody: {
      file_ids: ['file-1'],
      files: [{ file_id: 'file-2', attributes, chunking_strategy: chunkingBody }],
      attributes,
      chunking_strategy: chunkingBody,
    },
  },
  {
    name: 'deleteVectorStoreFile',
    line: 'DELETE /vector_stores/vs_1/files/file-1',
    result: { id: 'file-1' },
    least: { ...inStore, fileId: 'file-1' },
  },
  {
    name: 'submitToolOutputsToRun',
    line: 'POST /threads/thread_1/runs/run_1/submit_tool_outputs',
    result: run,
    least: { ...ofRun, toolOutputs: [{ toolCallId: 'call_1', output: '{"crust": "thin"}' }] },
    leastBody: { tool_outputs: [{ tool_call_id: 'call_1', output: '{"crust": "thin"}' }] },
  },
];

describe.each(writes)('$name', ({ name, line, result, least, leastBody, rest = {}, restBody = {} }) => {
  const send = async (input: Record<string, unknown>) => {
    const { query, upstream } = await startFacade({ [line]: result });
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const answered = await query(`mutation ($input: ${type}) { it: ${name}(input: $input) { clientMutationId } }`, {
      input,
    });
    expect(answered.errors).toBeUndefined();
    expect(upstream.paths()).toEqual([line]);
    return { payload: answered.data, body: upstream.calls[0]?.body };
  };

  test('is tested here with every field of its input', () => {
    const type = schema.getType(`${name.charAt(0).toUpperCase()}${name.slice(1)}Input`);
    const members = isInputObjectType(type) ? Object.keys(type.getFields()) : [];

    expect(members.filter((member) => !notSent.has(member)).toSorted()).toEqual(
      Object.keys({ ...least, ...rest }).toSorted(),
    );
  });

  test('sends only the fields that are given', async () => {
    expect((await send(least)).body).toEqual(leastBody);
  });

  test('returns clientMutationId and does not send it to the REST API', async () => {
    const { payload, body } = await send({ ...least, clientMutationId: 'mine' });

    expect(payload).toEqual({ it: { clientMutationId: 'mine' } });
    expect(body).toEqual(leastBody);
  });

  test('sends all of its fields under their REST names', async () => {
    expect((await send({ ...least, ...rest })).body).toEqual(withBody(leastBody, restBody));
  });

  test('sends empty, zero and false values unchanged', async () => {
    const { body } = await send({ ...least, ...eachAs(rest, emptyOf) });

    expect(body).toEqual(withBody(leastBody, eachAs(restBody, emptyOf)));
  });
});

/** DELETE, and cancel, have no body at all. */
const withBody = (least: object | undefined, rest: object) => least && { ...least, ...rest };

const eachAs = (input: Record<string, unknown>, change: (value: unknown, name: string) => unknown) =>
  Object.fromEntries(
    Object.entries(input)
      .map(([name, value]) => [name, change(value, name)])
      .filter(([, value]) => value !== undefined),
  );

/** Undefined if there is no empty value: for enums and inputs with required fields. */
const emptyOf = (value: unknown, name: string) => {
  if (/reasoning|truncation|choice|format|expires|chunking/i.test(name)) return undefined;
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  return Array.isArray(value) ? [] : {};
};
