import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { RestThread } from '../../src/wire/thread.ts';

/** When everything was created, in Unix seconds; lists are in the order of their members' numbers. */
const EPOCH = 1_750_000_000;

const sentence = 'The quick brown fox reads the report, adds up the figures and writes down what it found there. ';

export const assistantId = (n: number) => `asst_${n}`;
export const messageId = (threadId: string, n: number) => `msg_${threadId.slice('thread_'.length)}_${n}`;
export const runId = (threadId: string, n: number) => `run_${threadId.slice('thread_'.length)}_${n}`;

export const assistant = (n: number): RestAssistant => ({
  id: assistantId(n),
  object: 'assistant',
  created_at: EPOCH + n,
  name: `Assistant ${n}`,
  description: `Answers questions of kind ${n}`,
  model: 'gpt-4o',
  instructions: sentence.repeat(2),
  tools: [{ type: 'code_interpreter' }, { type: 'file_search' }],
  tool_resources: { file_search: { vector_store_ids: [`vs_${n}`] } },
  metadata: { team: 'support', number: String(n) },
  temperature: 1,
  top_p: 1,
  response_format: { type: 'text' },
});

export const thread = (id: string): RestThread => ({
  id,
  object: 'thread',
  created_at: EPOCH,
  tool_resources: null,
  metadata: { user: 'u1', plan: 'pro' },
});

export const run = (threadId: string, n: number, by: string): RestRun => ({
  id: runId(threadId, n),
  object: 'thread.run',
  created_at: EPOCH + n,
  thread_id: threadId,
  assistant_id: by,
  status: 'completed',
  required_action: null,
  last_error: null,
  expires_at: null,
  started_at: EPOCH + n,
  cancelled_at: null,
  failed_at: null,
  completed_at: EPOCH + n + 4,
  incomplete_details: null,
  model: 'gpt-4o',
  instructions: sentence.repeat(2),
  tools: [{ type: 'code_interpreter' }],
  metadata: {},
  usage: { prompt_tokens: 100 + n, completion_tokens: 50 + n, total_tokens: 150 + 2 * n },
  temperature: 1,
  top_p: 1,
  max_prompt_tokens: null,
  max_completion_tokens: null,
  truncation_strategy: { type: 'auto' },
  tool_choice: { type: 'code_interpreter' },
  parallel_tool_calls: true,
  response_format: { type: 'text' },
});

export const step = (of: RestRun, n: number): RestRunStep => ({
  id: `step_${of.id.slice('run_'.length)}_${n}`,
  object: 'thread.run.step',
  created_at: of.created_at,
  assistant_id: of.assistant_id,
  thread_id: of.thread_id,
  run_id: of.id,
  type: 'message_creation',
  status: 'completed',
  step_details: { type: 'message_creation', message_creation: { message_id: messageId(of.thread_id, n) } },
  last_error: null,
  expired_at: null,
  cancelled_at: null,
  failed_at: null,
  completed_at: of.completed_at,
  metadata: {},
  usage: { prompt_tokens: 30 + n, completion_tokens: 20 + n, total_tokens: 50 + 2 * n },
});

/** Every second message is a user's: no run and no assistant wrote it. */
export const message = (threadId: string, n: number, by: RestRun): RestMessage => {
  const fromUser = n % 2 === 0;
  return {
    id: messageId(threadId, n),
    object: 'thread.message',
    created_at: EPOCH + n,
    thread_id: threadId,
    status: 'completed',
    incomplete_details: null,
    completed_at: EPOCH + n,
    incomplete_at: null,
    role: fromUser ? 'user' : 'assistant',
    content: [{ type: 'text', text: { value: `Message ${n}. ${sentence.repeat(2)}`, annotations: [] } }],
    assistant_id: fromUser ? null : by.assistant_id,
    run_id: fromUser ? null : by.id,
    attachments: [],
    metadata: {},
  };
};
