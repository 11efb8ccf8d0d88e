import { graphql } from '../../request.ts';
import type { Subject } from '../../subjects/subject.ts';
import { assistantId, messageIds, threadId } from '../../works.ts';
import { startMesh } from './start.ts';

const w1 = `query Conversation($id: String!) {
  thread: getThread(thread_id: $id) {
    id
    metadata
    runs {
      data {
        id
        status
        model
        usage { promptTokens: prompt_tokens completionTokens: completion_tokens totalTokens: total_tokens }
        assistant: itsAssistant { name model }
        steps: itsSteps { data { id type status } }
      }
    }
    messages { data { id role content { text { value } } assistant: itsAssistant { name } } }
  }
}`;

const w2 = `query Assistant($id: String!) {
  assistant: getAssistant(assistant_id: $id) { id name description model instructions }
}`;

const messageFields = '{ id role content { text { value } } status }';

const w3 = `query Messages {
${messageIds.map((id, n) => `  m${n}: getMessage(thread_id: "${threadId}", message_id: "${id}") ${messageFields}`).join('\n')}
}`;

const w4 = `query Assistants {
  assistants: listAssistants(limit: 100) {
    data {
      id object createdAt: created_at name description model instructions
      tools { type }
      toolResources: tool_resources { fileSearch: file_search { vectorStoreIds: vector_store_ids } }
      metadata temperature topP: top_p
      responseFormat: response_format { type }
    }
  }
}`;

export const mesh: Subject = {
  name: 'mesh',
  label: 'GraphQL Mesh + Hive Gateway',
  start: startMesh,
  requests: {
    W1: graphql(w1, { id: threadId }),
    W2: graphql(w2, { id: assistantId }),
    W3: graphql(w3),
    W4: graphql(w4),
  },
};
