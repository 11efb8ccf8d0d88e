import { messageIds, threadId } from '../works.ts';

export const w1 = `query Conversation($threadId: ID!) {
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

export const w2 = `query Assistant($assistantId: ID!) {
  assistant(assistantId: $assistantId) { id: assistantId name description model instructions }
}`;

export const w3 = `query Messages {
${messageIds.map((id, n) => `  m${n}: message(threadId: "${threadId}", messageId: "${id}") { id: messageId role text status }`).join('\n')}
}`;

export const w4 = `query Assistants {
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

/** Apollo Client adds `__typename` at the end of every selection but the operation's own. */
export const a1 = `query Conversation($threadId: ID!) {
  thread(threadId: $threadId) {
    id: threadId
    metadata
    runs(first: 20) {
      nodes {
        id: runId
        status
        model
        usage { promptTokens completionTokens totalTokens __typename }
        tools { type __typename }
        responseFormat { type __typename }
        assistant { name model __typename }
        steps(first: 20) {
          nodes {
            id: stepId
            type
            status
            stepDetails {
              ... on RunStepDetailsMessageCreation { type messageCreation { messageId __typename } __typename }
              ... on RunStepDetailsToolCalls { type toolCalls { id type __typename } __typename }
              __typename
            }
            __typename
          }
          __typename
        }
        __typename
      }
      __typename
    }
    messages(first: 100) {
      nodes {
        id: messageId
        role
        content {
          ... on MessageContentText { type text { value __typename } __typename }
          ... on MessageContentImageFile { type imageFile { fileId __typename } __typename }
          __typename
        }
        assistant { name __typename }
        __typename
      }
      __typename
    }
    __typename
  }
}`;

export const a2 = `query Assistant($assistantId: ID!) {
  assistant(assistantId: $assistantId) {
    id: assistantId name description model instructions
    tools { type __typename }
    responseFormat { type __typename }
    __typename
  }
}`;

export const a4 = `query Assistants {
  assistants(first: 100) {
    nodes {
      id: assistantId object createdAt name description model instructions
      tools {
        type
        ... on AssistantToolsFunction { function { name __typename } __typename }
        __typename
      }
      toolResources { fileSearch { vectorStoreIds __typename } __typename }
      metadata temperature topP
      responseFormat {
        type
        ... on ResponseFormatJsonSchema { jsonSchema { name __typename } __typename }
        __typename
      }
      __typename
    }
    __typename
  }
}`;
