import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep, RestToolCall } from '../../src/wire/runStep.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import type { RestTool } from '../../src/wire/tool.ts';
import type { RestVectorStore, RestVectorStoreFile } from '../../src/wire/vectorStore.ts';

// Every object below has every member that the contract knows, none of them null, so that one may be taken away at a time.

const tools: RestTool[] = [
  { type: 'code_interpreter' },
  {
    type: 'file_search',
    file_search: { max_num_results: 7, ranking_options: { ranker: 'default_2024_08_21', score_threshold: 0.25 } },
  },
  {
    type: 'function',
    function: {
      name: 'bake',
      description: 'Bakes a loaf.',
      parameters: { type: 'object', properties: { minutes: { type: 'integer' } } },
      strict: true,
    },
  },
];

export const assistant = {
  id: 'asst_1',
  object: 'assistant',
  created_at: 1_700_000_000,
  name: 'Baker',
  description: 'Knows bread.',
  model: 'some-model',
  instructions: 'Be warm.',
  tools,
  tool_resources: {
    code_interpreter: { file_ids: ['file_1', 'file_2'] },
    file_search: { vector_store_ids: ['vs_1'] },
  },
  metadata: { shop: 'north' },
  temperature: 0.5,
  top_p: 0.9,
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'loaf', description: 'A loaf.', schema: { type: 'object' }, strict: false },
  },
} satisfies RestAssistant;

export const thread = {
  id: 'thread_1',
  object: 'thread',
  created_at: 1_700_000_100,
  tool_resources: assistant.tool_resources,
  metadata: { customer: '42' },
} satisfies RestThread;

export const message = {
  id: 'msg_1',
  object: 'thread.message',
  created_at: 1_700_000_200,
  thread_id: 'thread_1',
  status: 'incomplete',
  incomplete_details: { reason: 'max_tokens' },
  completed_at: 1_700_000_201,
  incomplete_at: 1_700_000_202,
  role: 'assistant',
  content: [
    {
      type: 'text',
      text: {
        value: 'Rye [1] and a file',
        annotations: [
          {
            type: 'file_citation',
            text: '[1]',
            file_citation: { file_id: 'file_3' },
            start_index: 4,
            end_index: 7,
          },
          { type: 'file_path', text: 'a file', file_path: { file_id: 'file_4' }, start_index: 12, end_index: 18 },
        ],
      },
    },
    { type: 'image_file', image_file: { file_id: 'file_5', detail: 'low' } },
    { type: 'image_url', image_url: { url: 'https://example.org/loaf.png', detail: 'high' } },
    { type: 'refusal', refusal: 'No cake.' },
  ],
  assistant_id: 'asst_1',
  run_id: 'run_1',
  attachments: [{ file_id: 'file_6', tools: [{ type: 'code_interpreter' }, { type: 'file_search' }] }],
  metadata: { seen: 'yes' },
} satisfies RestMessage;

const usage = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };

export const run = {
  id: 'run_1',
  object: 'thread.run',
  created_at: 1_700_000_300,
  thread_id: 'thread_1',
  assistant_id: 'asst_1',
  status: 'requires_action',
  required_action: {
    type: 'submit_tool_outputs',
    submit_tool_outputs: {
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'bake', arguments: '{"minutes":40}' } }],
    },
  },
  last_error: { code: 'rate_limit_exceeded', message: 'Too hot.' },
  expires_at: 1_700_000_900,
  started_at: 1_700_000_301,
  cancelled_at: 1_700_000_302,
  failed_at: 1_700_000_303,
  completed_at: 1_700_000_304,
  incomplete_details: { reason: 'max_completion_tokens' },
  model: 'some-model',
  instructions: 'Be warm.',
  tools,
  metadata: { batch: '7' },
  usage,
  temperature: 1.5,
  top_p: 1,
  max_prompt_tokens: 1000,
  max_completion_tokens: 2000,
  truncation_strategy: { type: 'last_messages', last_messages: 9 },
  tool_choice: { type: 'function', function: { name: 'bake' } },
  parallel_tool_calls: true,
  response_format: { type: 'json_object' },
} satisfies RestRun;

const toolCalls: RestToolCall[] = [
  {
    id: 'call_2',
    type: 'code_interpreter',
    code_interpreter: {
      input: 'print(1)',
      outputs: [
        { type: 'logs', logs: '1\n' },
        { type: 'image', image: { file_id: 'file_7' } },
      ],
    },
  },
  {
    id: 'call_3',
    type: 'file_search',
    file_search: {
      ranking_options: { ranker: 'auto', score_threshold: 0.5 },
      results: [
        { file_id: 'file_8', file_name: 'rye.md', score: 0.75, content: [{ type: 'text', text: 'Rye is dark.' }] },
      ],
    },
  },
  { id: 'call_4', type: 'function', function: { name: 'bake', arguments: '{}', output: 'done' } },
];

/** A step that called tools. */
export const toolStep = {
  id: 'step_1',
  object: 'thread.run.step',
  created_at: 1_700_000_400,
  assistant_id: 'asst_1',
  thread_id: 'thread_1',
  run_id: 'run_1',
  type: 'tool_calls',
  status: 'completed',
  step_details: { type: 'tool_calls', tool_calls: toolCalls },
  last_error: { code: 'server_error', message: 'It rained in.' },
  expired_at: 1_700_000_401,
  cancelled_at: 1_700_000_402,
  failed_at: 1_700_000_403,
  completed_at: 1_700_000_404,
  metadata: { oven: '2' },
  usage,
} satisfies RestRunStep;

/** A step that wrote a message. */
export const messageStep = {
  ...toolStep,
  id: 'step_2',
  type: 'message_creation',
  step_details: { type: 'message_creation', message_creation: { message_id: 'msg_1' } },
} satisfies RestRunStep;

export const file = {
  id: 'file-1',
  object: 'file',
  bytes: 5_000_000_000,
  created_at: 1_700_001_000,
  expires_at: 1_800_000_000,
  filename: 'rye.md',
  purpose: 'fine-tune',
  status: 'processed',
  status_details: 'All is well.',
} satisfies RestFile;

export const vectorStore = {
  id: 'vs_1',
  object: 'vector_store',
  created_at: 1_700_002_000,
  name: 'Recipes',
  description: 'All about bread.',
  usage_bytes: 6_000_000_000,
  file_counts: { in_progress: 1, completed: 2, failed: 3, cancelled: 4, total: 10 },
  status: 'in_progress',
  expires_after: { anchor: 'last_active_at', days: 7 },
  expires_at: 1_800_000_100,
  last_active_at: 1_700_002_100,
  metadata: { shop: 'north' },
} satisfies RestVectorStore;

export const vectorStoreFile = {
  id: 'file-1',
  object: 'vector_store.file',
  created_at: 1_700_003_000,
  vector_store_id: 'vs_1',
  status: 'failed',
  usage_bytes: 4096,
  last_error: { code: 'unsupported_file', message: 'It is a loaf.' },
  attributes: { crust: 'thin', minutes: 40, vegan: true },
  chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
} satisfies RestVectorStoreFile;

/** One page that is the whole list. */
export const pageOf = (...data: { id: string }[]) => ({
  object: 'list',
  data,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more: false,
});

/** A resource with its REST path, its look-up in the graph, and an object that has every member. */
export interface Resource {
  type: 'Assistant' | 'Thread' | 'Message' | 'Run' | 'RunStep' | 'File' | 'VectorStore' | 'VectorStoreFile';
  path: string;
  /** The look-up, without its selection. */
  lookUp: string;
  object: { id: string };
}

export const resources: Resource[] = [
  { type: 'Assistant', path: '/assistants/asst_1', lookUp: 'assistant(assistantId: "asst_1")', object: assistant },
  { type: 'Thread', path: '/threads/thread_1', lookUp: 'thread(threadId: "thread_1")', object: thread },
  {
    type: 'Message',
    path: '/threads/thread_1/messages/msg_1',
    lookUp: 'message(threadId: "thread_1", messageId: "msg_1")',
    object: message,
  },
  {
    type: 'Run',
    path: '/threads/thread_1/runs/run_1',
    lookUp: 'run(threadId: "thread_1", runId: "run_1")',
    object: run,
  },
  {
    type: 'RunStep',
    path: '/threads/thread_1/runs/run_1/steps/step_1',
    lookUp: 'runStep(threadId: "thread_1", runId: "run_1", stepId: "step_1")',
    object: toolStep,
  },
  { type: 'File', path: '/files/file-1', lookUp: 'file(fileId: "file-1")', object: file },
  {
    type: 'VectorStore',
    path: '/vector_stores/vs_1',
    lookUp: 'vectorStore(vectorStoreId: "vs_1")',
    object: vectorStore,
  },
  {
    type: 'VectorStoreFile',
    path: '/vector_stores/vs_1/files/file-1',
    lookUp: `node(id: "${encodeGlobalId('VectorStoreFile', 'vs_1', 'file-1')}")`,
    object: vectorStoreFile,
  },
];
