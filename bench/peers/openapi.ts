/** What of the REST API the work needs, as an OpenAPI document for the peers that make a graph from one. */
export const openapiOf = (upstream: string) => ({
  openapi: '3.0.3',
  info: { title: 'Assistants', version: '2' },
  servers: [{ url: upstream }],
  paths: {
    '/assistants': { get: list('listAssistants', 'AssistantList') },
    '/assistants/{assistant_id}': { get: one('getAssistant', 'Assistant', ['assistant_id']) },
    '/threads/{thread_id}': {
      get: one('getThread', 'Thread', ['thread_id'], {
        runs: { operationId: 'listRuns', parameters: { thread_id: ITS_ID } },
        messages: { operationId: 'listMessages', parameters: { thread_id: ITS_ID, limit: 100 } },
      }),
    },
    '/threads/{thread_id}/messages': { get: list('listMessages', 'MessageList', ['thread_id']) },
    '/threads/{thread_id}/messages/{message_id}': {
      get: one('getMessage', 'Message', ['thread_id', 'message_id'], { assistant: ITS_ASSISTANT }),
    },
    '/threads/{thread_id}/runs': { get: list('listRuns', 'RunList', ['thread_id']) },
    '/threads/{thread_id}/runs/{run_id}': {
      get: one('getRun', 'Run', ['thread_id', 'run_id'], {
        assistant: ITS_ASSISTANT,
        steps: {
          operationId: 'listRunSteps',
          parameters: { thread_id: '$response.body#/thread_id', run_id: ITS_ID },
        },
      }),
    },
    '/threads/{thread_id}/runs/{run_id}/steps': { get: list('listRunSteps', 'RunStepList', ['thread_id', 'run_id']) },
  },
  components: {
    schemas: {
      Assistant: object({
        id: text,
        object: text,
        created_at: whole,
        name: text,
        description: text,
        model: text,
        instructions: text,
        tools: listOf(object({ type: text })),
        tool_resources: object({ file_search: object({ vector_store_ids: listOf(text) }) }),
        metadata: map,
        temperature: { type: 'number' },
        top_p: { type: 'number' },
        response_format: object({ type: text }),
      }),
      AssistantList: listObject('Assistant'),
      Thread: object({ id: text, metadata: map }),
      Message: object({
        id: text,
        thread_id: text,
        role: text,
        status: text,
        assistant_id: { type: 'string', nullable: true },
        content: listOf(object({ type: text, text: object({ value: text }) })),
      }),
      MessageList: listObject('Message'),
      Run: object({
        id: text,
        thread_id: text,
        assistant_id: text,
        status: text,
        model: text,
        usage: object({ prompt_tokens: whole, completion_tokens: whole, total_tokens: whole }),
      }),
      RunList: listObject('Run'),
      RunStep: object({ id: text, type: text, status: text }),
      RunStepList: listObject('RunStep'),
    },
  },
});

const ITS_ID = '$response.body#/id';
const ITS_ASSISTANT = { operationId: 'getAssistant', parameters: { assistant_id: '$response.body#/assistant_id' } };

const text = { type: 'string' };
const whole = { type: 'integer' };
const map = { type: 'object', additionalProperties: { type: 'string' } };

function object(properties: object) {
  return { type: 'object', properties };
}

function listOf(items: object) {
  return { type: 'array', items };
}

function listObject(name: string) {
  return object({ data: listOf({ $ref: `#/components/schemas/${name}` }), has_more: { type: 'boolean' } });
}

function one(operationId: string, schema: string, ids: string[] = [], links: object = {}) {
  return {
    operationId,
    parameters: ids.map((name) => ({ name, in: 'path', required: true, schema: text })),
    responses: {
      200: {
        description: schema,
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
        links,
      },
    },
  };
}

function list(operationId: string, schema: string, ids: string[] = []) {
  const operation = one(operationId, schema, ids);
  const limit = { name: 'limit', in: 'query', required: false, schema: whole };
  return { ...operation, parameters: [...operation.parameters, limit] };
}
