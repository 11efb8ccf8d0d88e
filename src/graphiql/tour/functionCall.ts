import { type TourStop, variablesFrom } from './stop.ts';

/** A run that calls a function of the application. */
export const functionCall: readonly TourStop[] = [
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
# that message becomes the arguments. Other models
# decide for themselves, and most do the same.
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
# events, and the newest message uses the output.

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
];
