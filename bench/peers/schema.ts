/** The schema that the peers which are written by hand serve, as one would write it for this work. */
export const typeDefs = /* GraphQL */ `
  scalar JSON

  type Query {
    thread(id: ID!): Thread
    message(threadId: ID!, id: ID!): Message
    assistant(id: ID!): Assistant
    assistants(limit: Int): [Assistant!]!
  }

  type Thread {
    id: ID!
    metadata: JSON
    runs(limit: Int): [Run!]!
    messages(limit: Int): [Message!]!
  }

  type Run {
    id: ID!
    status: String
    model: String
    usage: Usage
    assistant: Assistant
    steps(limit: Int): [RunStep!]!
  }

  type Usage {
    promptTokens: Int
    completionTokens: Int
    totalTokens: Int
  }

  type RunStep {
    id: ID!
    type: String
    status: String
  }

  type Message {
    id: ID!
    role: String
    status: String
    text: String
    assistant: Assistant
  }

  type Assistant {
    id: ID!
    object: String
    createdAt: Int
    name: String
    description: String
    model: String
    instructions: String
    tools: [Tool!]
    toolResources: ToolResources
    metadata: JSON
    temperature: Float
    topP: Float
    responseFormat: ResponseFormat
  }

  type Tool {
    type: String
  }

  type ToolResources {
    fileSearch: FileSearchResources
  }

  type FileSearchResources {
    vectorStoreIds: [ID!]
  }

  type ResponseFormat {
    type: String
  }
`;
