import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestUsage } from '../../src/wire/run.ts';
import type { RestToolResources } from '../../src/wire/tool.ts';

/** Resolvers that rename a field of the REST API, or take it apart; the same for all peers that are written by hand. */
export const fields = {
  Usage: {
    promptTokens: (usage: RestUsage) => usage.prompt_tokens,
    completionTokens: (usage: RestUsage) => usage.completion_tokens,
    totalTokens: (usage: RestUsage) => usage.total_tokens,
  },
  Message: {
    text: ({ content }: RestMessage) => content.map((part) => (part.type === 'text' ? part.text.value : '')).join(''),
  },
  Assistant: {
    createdAt: (assistant: RestAssistant) => assistant.created_at,
    toolResources: (assistant: RestAssistant) => assistant.tool_resources,
    topP: (assistant: RestAssistant) => assistant.top_p,
    responseFormat: (assistant: RestAssistant) => assistant.response_format,
  },
  ToolResources: {
    fileSearch: (resources: RestToolResources) => resources.file_search,
  },
  FileSearchResources: {
    vectorStoreIds: (resources: { vector_store_ids?: string[] }) => resources.vector_store_ids,
  },
};
