import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { Assistants, Conversation } from './works.ts';

/** The views of the works A1, A2 and A4: JSON as Apollo Client has it, with `__typename` at the end of every object. */
export const typedConversation = ({ thread, runs, steps, messages, assistants }: Conversation) => ({
  thread: {
    id: thread.id,
    metadata: thread.metadata,
    runs: {
      nodes: runs.map((run, n) => runView(run, assistants, steps[n] ?? [])),
      __typename: 'RunConnection',
    },
    messages: {
      nodes: messages.map((message) => messageView(message, assistants)),
      __typename: 'MessageConnection',
    },
    __typename: 'Thread',
  },
});

export const typedAssistant = (one: RestAssistant) => ({
  assistant: {
    id: one.id,
    name: one.name,
    description: one.description,
    model: one.model,
    instructions: one.instructions,
    tools: one.tools.map(toolView),
    responseFormat: formatView(one.response_format),
    __typename: 'Assistant',
  },
});

export const typedAssistants = (all: readonly RestAssistant[]) => ({
  assistants: { nodes: all.map(assistantView), __typename: 'AssistantConnection' },
});

const runView = (run: RestRun, assistants: Assistants, steps: readonly RestRunStep[]) => {
  const by = assistants.get(run.assistant_id);
  return {
    id: run.id,
    status: run.status.toUpperCase(),
    model: run.model,
    usage: run.usage && {
      promptTokens: run.usage.prompt_tokens,
      completionTokens: run.usage.completion_tokens,
      totalTokens: run.usage.total_tokens,
      __typename: 'RunCompletionUsage',
    },
    tools: run.tools.map(toolView),
    responseFormat: formatView(run.response_format),
    assistant: by === undefined ? null : { name: by.name, model: by.model, __typename: 'Assistant' },
    steps: { nodes: steps.map(stepView), __typename: 'RunStepConnection' },
    __typename: 'Run',
  };
};

const stepView = ({ id, type, status, step_details: details }: RestRunStep) => ({
  id,
  type: type.toUpperCase(),
  status: status.toUpperCase(),
  stepDetails:
    details.type === 'message_creation'
      ? {
          type: details.type,
          messageCreation: { messageId: details.message_creation.message_id, __typename: 'MessageCreation' },
          __typename: 'RunStepDetailsMessageCreation',
        }
      : {
          type: details.type,
          toolCalls: details.tool_calls.map((call) => ({
            id: call.id,
            type: call.type,
            __typename: toolCallTypes[call.type],
          })),
          __typename: 'RunStepDetailsToolCalls',
        },
  __typename: 'RunStep',
});

const messageView = (message: RestMessage, assistants: Assistants) => {
  const by = message.assistant_id === null ? undefined : assistants.get(message.assistant_id);
  return {
    id: message.id,
    role: message.role.toUpperCase(),
    content: message.content.map(partView),
    assistant: by === undefined ? null : { name: by.name, __typename: 'Assistant' },
    __typename: 'Message',
  };
};

const partView = (part: RestMessage['content'][number]) => {
  const { type } = part;
  if (type === 'text') {
    return { type, text: { value: part.text.value, __typename: 'TextContent' }, __typename: 'MessageContentText' };
  }
  if (type === 'image_file') {
    const imageFile = { fileId: part.image_file.file_id, __typename: 'ImageFile' };
    return { type, imageFile, __typename: 'MessageContentImageFile' };
  }
  return { __typename: type === 'image_url' ? 'MessageContentImageUrl' : 'MessageContentRefusal' };
};

const assistantView = (one: RestAssistant) => ({
  id: one.id,
  object: one.object,
  createdAt: new Date(one.created_at * 1000).toISOString(),
  name: one.name,
  description: one.description,
  model: one.model,
  instructions: one.instructions,
  tools: one.tools.map(toolView),
  toolResources: one.tool_resources && {
    fileSearch: one.tool_resources.file_search && {
      vectorStoreIds: one.tool_resources.file_search.vector_store_ids,
      __typename: 'FileSearchResources',
    },
    __typename: 'ToolResources',
  },
  metadata: one.metadata,
  temperature: one.temperature,
  topP: one.top_p,
  responseFormat: formatView(one.response_format),
  __typename: 'Assistant',
});

const toolTypes = {
  code_interpreter: 'AssistantToolsCode',
  file_search: 'AssistantToolsFileSearch',
  function: 'AssistantToolsFunction',
} as const;

const toolView = ({ type }: RestAssistant['tools'][number]) => ({ type, __typename: toolTypes[type] });

const toolCallTypes = {
  code_interpreter: 'RunStepDetailsToolCallsCode',
  file_search: 'RunStepDetailsToolCallsFileSearch',
  function: 'RunStepDetailsToolCallsFunction',
} as const;

const formatTypes = {
  text: 'ResponseFormatText',
  json_object: 'ResponseFormatJsonObject',
  json_schema: 'ResponseFormatJsonSchema',
} as const;

const formatView = (format: RestAssistant['response_format']) => {
  if (format == null) return null;
  if (format === 'auto') return { type: format, __typename: 'ResponseFormatAuto' };
  return { type: format.type, __typename: formatTypes[format.type] };
};
