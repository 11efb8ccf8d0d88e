import { graphql, type WorkRequest } from '../request.ts';
import { assistantId, messageIds, threadId, type basicWorks } from '../works.ts';

const w1 = `query Conversation($id: ID!) {
  thread(id: $id) {
    id
    metadata
    runs(limit: 20) {
      id
      status
      model
      usage { promptTokens completionTokens totalTokens }
      assistant { name model }
      steps(limit: 20) { id type status }
    }
    messages(limit: 100) { id role text assistant { name } }
  }
}`;

const w2 = 'query Assistant($id: ID!) { assistant(id: $id) { id name description model instructions } }';

const w3 = `query Messages {
${messageIds.map((id, n) => `  m${n}: message(threadId: "${threadId}", id: "${id}") { id role text status }`).join('\n')}
}`;

const w4 = `query Assistants {
  assistants(limit: 100) {
    id object createdAt name description model instructions
    tools { type }
    toolResources { fileSearch { vectorStoreIds } }
    metadata temperature topP
    responseFormat { type }
  }
}`;

/** The work, asked of the schema that the peers written by hand share. */
export const requests: Readonly<Record<(typeof basicWorks)[number], WorkRequest>> = {
  W1: graphql(w1, { id: threadId }),
  W2: graphql(w2, { id: assistantId }),
  W3: graphql(w3),
  W4: graphql(w4),
};
