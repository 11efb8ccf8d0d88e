/** A ready-made operation, offered as a tab of GraphiQL that has the operation's name. */
export interface TourStop {
  query: string;
  /** JSON. browser/placeholders.js replaces `{{name}}` by the last value of a field of that name in a response. */
  variables: string | null;
  /** The names of the fields in this response that later operations use. */
  gives: readonly string[];
}

/** Variables, each with the placeholder of its own name. */
const variablesFrom = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, `{{${name}}}`])), null, 2);

/**
 * Operations to execute one after the other, on an empty store and with the offline model. Free-form JSON is in the document and
 * not in the variables, where the editor would mark it as wrong: it accepts only plain values for a custom scalar.
 */
export const tour: readonly TourStop[] = [
  {
    gives: ['assistantId'],
    variables: null,
    query: `# This tour has eleven operations, one per tab.
# Execute them from left to right, with the pink
# button or Ctrl+Enter. The embedded engine needs no
# API key: its model "offline" is built in.
#
# IDs are filled in for you: under Variables,
# "{{assistantId}}" stands for the last "assistantId"
# that was returned. You can also enter an ID.
#
# 1. Create an assistant: a model with instructions.
# If you use another upstream, replace "offline" by
# one of its models.
#
# "assistantId" is the assistant's REST ID, "id" its
# global ID, which node(id:) accepts.

mutation CreateAssistant {
  createAssistant(
    input: {
      model: "offline"
      name: "Librarian"
      instructions: "Answer in one sentence."
      metadata: { tour: "yes" }
    }
  ) {
    assistant {
      assistantId
      id
      name
      model
      createdAt
    }
  }
}
`,
  },
  {
    gives: ['threadId'],
    variables: null,
    query: `# 2. Create a thread with a first message.
#
# There is no reply yet: a thread only stores
# messages. A run executes an assistant on it.

mutation StartThread {
  createThread(
    input: {
      messages: [
        {
          role: USER
          content: [{ text: "What shall I read?" }]
        }
      ]
    }
  ) {
    thread {
      threadId
      messages {
        nodes {
          role
          text
        }
      }
    }
  }
}
`,
  },
  {
    gives: ['runId'],
    variables: variablesFrom('threadId', 'assistantId'),
    query: `# 3. Run the assistant on the thread.
#
# The status is QUEUED: a run works in the
# background. This mutation does not wait for it.

mutation CreateRun($threadId: ID!, $assistantId: ID!) {
  createRun(
    input: {
      threadId: $threadId
      assistantId: $assistantId
    }
  ) {
    run {
      runId
      status
      createdAt
      expiresAt
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('threadId'),
    query: `# 4. Read the whole thread in one query.
#
# The run is COMPLETED (if not, execute again). Its
# step created a message, which links to the run and
# the assistant. Each object is read from the REST
# API only once.

query LookAround($threadId: ID!) {
  thread(threadId: $threadId) {
    runs {
      nodes {
        runId
        status
        duration
        steps {
          nodes {
            stepId
            type
            status
          }
        }
      }
    }
    messages {
      nodes {
        role
        text
        run {
          status
          assistant {
            name
          }
        }
      }
    }
  }
}
`,
  },
  {
    gives: ['assistantId'],
    variables: null,
    query: `# 5. Create an assistant that can call a function of
# your application. A JSON Schema defines the
# parameters.
#
# From here on, {{assistantId}} is this assistant.

mutation CreateWithTool {
  createAssistant(
    input: {
      model: "offline"
      name: "Weather desk"
      tools: [
        {
          function: {
            name: "get_weather"
            description: "The weather in a city, now."
            parameters: {
              type: "object"
              properties: { city: { type: "string" } }
              required: ["city"]
            }
          }
        }
      ]
    }
  ) {
    assistant {
      assistantId
      name
      tools {
        ... on AssistantToolsFunction {
          function {
            name
            parameters
          }
        }
      }
    }
  }
}
`,
  },
  {
    gives: ['threadId', 'runId'],
    variables: variablesFrom('assistantId'),
    query: `# 6. Create a thread with three messages and a run
# on it, in one request. The offline model calls a
# function if the last message names it. The JSON in
# that message becomes the arguments.
#
# The next tabs use the new thread and run.

mutation ThreadAndRun($assistantId: ID!) {
  createThreadAndRun(
    input: {
      assistantId: $assistantId
      thread: {
        messages: [
          {
            role: USER
            content: [{ text: "Hello!" }]
          }
          {
            role: ASSISTANT
            content: [{ text: "Which city?" }]
          }
          {
            role: USER
            content: [
              {
                text: """
                What is get_weather {"city": "Oslo"}?
                """
              }
            ]
          }
        ]
      }
    }
  ) {
    run {
      threadId
      runId
      status
    }
  }
}
`,
  },
  {
    gives: ['toolCallId'],
    variables: variablesFrom('threadId', 'runId'),
    query: `# 7. Read which function the run wants to call.
#
# The status is REQUIRES_ACTION (if not, execute
# again): your application has to call the function.
# The alias "toolCallId" makes the ID of the call
# available to the next tab.

query SeeToolCall($threadId: ID!, $runId: ID!) {
  run(threadId: $threadId, runId: $runId) {
    status
    expiresAt
    requiredAction {
      submitToolOutputs {
        toolCalls {
          toolCallId: id
          function {
            name
          }
          parsedArguments
        }
      }
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('threadId', 'runId', 'toolCallId'),
    query: `# 8. Submit the output of the function. It can be
# any text, and is usually JSON.
#
# The run is QUEUED again and continues.

mutation SubmitOutput(
  $threadId: ID!
  $runId: ID!
  $toolCallId: ID!
) {
  submitToolOutputsToRun(
    input: {
      threadId: $threadId
      runId: $runId
      toolOutputs: [
        {
          toolCallId: $toolCallId
          output: """
          {"celsius": 7, "sky": "rain"}
          """
        }
      ]
    }
  ) {
    run {
      runId
      status
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('threadId', 'runId'),
    query: `# 9. Subscribe to the events of the run. Past events
# are replayed first, then new ones follow.
#
# Each event replaces the previous one on the right.
# In the last one, "sequence" is the number of
# events, and the newest message quotes the output.

subscription WatchRun($threadId: ID!, $runId: ID!) {
  runEvents(threadId: $threadId, runId: $runId) {
    event
    sequence
    ... on MessageDeltaStreamEvent {
      text
    }
    ... on RunStateStreamEvent {
      run {
        status
        messages {
          nodes {
            text
          }
        }
      }
    }
  }
}
`,
  },
  {
    gives: ['endCursor'],
    variables: variablesFrom('threadId'),
    query: `# 10. Read the two newest messages.
#
# The reply quotes the submitted output (if not,
# execute again). "hasNextPage" shows that there are
# more messages, "endCursor" where this page ends.

query ReadMessages($threadId: ID!) {
  thread(threadId: $threadId) {
    messages(first: 2) {
      nodes {
        role
        text
        createdAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
  },
  {
    gives: [],
    variables: variablesFrom('threadId', 'endCursor'),
    query: `# 11. Read the next page: the messages after the
# cursor.
#
# These are the first two messages of the thread,
# and "hasNextPage" is false.
#
# This is the end of the tour. The book icon at the
# top left opens the documentation. To restore these
# tabs, click the gear icon at the bottom left, then
# "Clear data", and reload the page.

query NextPage(
  $threadId: ID!
  $endCursor: String!
) {
  thread(threadId: $threadId) {
    messages(first: 2, after: $endCursor) {
      nodes {
        role
        text
        createdAt
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
`,
  },
];
