/** Objects as a server with ids of its own shape sends them. */
export const assistant = (id: string, more: object = {}) => ({
  id,
  object: 'assistant',
  created_at: 1_700_000_000,
  name: `Assistant ${id}`,
  model: 'gpt-4o',
  instructions: 'Be brief.',
  tools: [],
  metadata: {},
  ...more,
});

export const thread = (id: string, more: object = {}) => ({
  id,
  object: 'thread',
  created_at: 1_700_000_100,
  metadata: { topic: id },
  tool_resources: {},
  ...more,
});

/** A message as BEHAVIOUR of hosted servers has it: without a status. */
export const message = (id: string, threadId: string, text: string, more: object = {}) => ({
  id,
  object: 'thread.message',
  created_at: 1_700_000_200,
  thread_id: threadId,
  role: 'user',
  content: [{ type: 'text', text: { value: text, annotations: [] } }],
  attachments: [],
  metadata: {},
  ...more,
});

export const run = (id: string, threadId: string, more: object = {}) => ({
  id,
  object: 'thread.run',
  created_at: 1_700_000_300,
  thread_id: threadId,
  assistant_id: 'a-1',
  status: 'completed',
  expires_at: null,
  completed_at: 1_700_000_310,
  model: 'gpt-4o',
  instructions: '',
  tools: [],
  metadata: {},
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  ...more,
});

export const step = (id: string, runId: string, threadId: string, more: object = {}) => ({
  id,
  object: 'thread.run.step',
  created_at: 1_700_000_301,
  run_id: runId,
  thread_id: threadId,
  assistant_id: 'a-1',
  type: 'message_creation',
  status: 'completed',
  step_details: { type: 'message_creation', message_creation: { message_id: 'm-1' } },
  usage: null,
  ...more,
});
