import { graphql } from '../request.ts';
import { assistantId, messageIds, threadId } from '../works.ts';
import type { Subject } from './subject.ts';

const w1 = `query Conversation($threadId: ID!) {
  thread(threadId: $threadId) {
    id: threadId
    metadata
    runs(first: 20) {
      nodes {
        id: runId
        status
        model
        usage { promptTokens completionTokens totalTokens }
        assistant { name model }
        steps(first: 20) { nodes { id: stepId type status } }
      }
    }
    messages(first: 100) { nodes { id: messageId role text assistant { name } } }
  }
}`;

const w2 = `query Assistant($assistantId: ID!) {
  assistant(assistantId: $assistantId) { id: assistantId name description model instructions }
}`;

const w3 = `query Messages {
${messageIds.map((id, n) => `  m${n}: message(threadId: "${threadId}", messageId: "${id}") { id: messageId role text status }`).join('\n')}
}`;

const w4 = `query Assistants {
  assistants(first: 100) {
    nodes {
      id: assistantId object createdAt name description model instructions
      tools { type }
      toolResources { fileSearch { vectorStoreIds } }
      metadata temperature topP
      responseFormat { type }
    }
  }
}`;

/** This project's own server, as `npm start` starts it: no setting but where to listen and what to stand in front of. */
export const assistantsGraphql: Subject = {
  name: 'assistants-graphql',
  label: 'assistants-graphql',
  start: (upstream) => ({
    args: ['dist/server.js'],
    cwd: new URL('../..', import.meta.url),
    env: { PORT: '0', ASSISTANTS_BASE_URL: upstream },
    ready: /(http:\S+)\/graphql\n/,
  }),
  requests: {
    W1: graphql(w1, { threadId }),
    W2: graphql(w2, { assistantId }),
    W3: graphql(w3),
    W4: graphql(w4),
  },
};
