/** A ready-made operation, offered as a tab of GraphiQL that has the operation's name. */
export interface TourStop {
  query: string;
  /** JSON. `{{name}}` stands for the last value that an answer had under that name; browser/placeholders.js puts it in. */
  variables: string | null;
  /** The names that this operation's answer makes known to later ones. */
  gives: readonly string[];
}

/** Each variable filled in by the placeholder of its own name. */
const variablesFrom = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, `{{${name}}}`])), null, 2);

/**
 * Operations that work one after the other, beginning with an empty store and with the offline model. Free-form JSON stands
 * in the text and not in the variables, where the editor would underline it: it takes every custom scalar for a plain value.
 */
export const tour: readonly TourStop[] = [
  {
    gives: ['assistantId'],
    variables: null,
    query: `# Eleven operations, one a tab. Execute them from left
# to right, with the button at the right or with
# Ctrl+Enter. No key is needed for them: a small
# built-in model answers, unless you set another.
#
# Ids travel by themselves. Where later tabs say
# "{{assistantId}}" under Variables, it stands for
# the last "assistantId" that an answer has had.
# You may as well write an id there yourself.
#
# 1. Create an assistant: a model, and what it is
# told to do. In front of a server of your own, name
# one of its models instead of "offline".
# Look at: "assistantId" is its id in REST, "id"
# the one that node(id:) takes.

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
    query: `# 2. Start a conversation: a thread, and its first
# message.
# Look at: nobody has answered. A thread only holds
# messages; an assistant comes in with a run.

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
# Look at: the status is QUEUED. A run works in the
# background; this answer did not wait for it.

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
    query: `# 4. Look at all of it, from the thread down.
# Look at: the run is COMPLETED (if it is not yet,
# execute again), its step wrote a message, and the
# message leads back to its run and assistant. The
# graph goes round, yet each thing is asked of REST
# only once.

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
# yours. Its parameters are a JSON Schema.
# Look at: there is a new "assistantId", so from here
# on {{assistantId}} is this assistant.

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
    query: `# 6. A thread with three messages and a run on it, in
# one go. The built-in model calls a function when the
# last message names it, with the JSON found there.
# Look at: both ids are new, for the tabs that follow.

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
    query: `# 7. See what the run waits for.
# Look at: the status is REQUIRES_ACTION (if it is not
# yet, execute again), for it is you who calls the
# function. The call's id is named "toolCallId" here,
# so that it travels like the others.

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
    query: `# 8. Answer the call: any text will do, JSON is usual.
# Look at: the run is QUEUED again and goes on.

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
          output: """{"celsius": 7, "sky": "rain"}"""
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
    query: `# 9. Watch the run, from its first event to its last.
# A subscription: what has happened already comes
# first, then what happens, as it happens.
# Look at: each event takes the place of the one
# before. The last has the number of events there
# were, and an answer that quotes what you submitted.

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
    query: `# 10. Read the conversation, the newest two first.
# Look at: the answer quotes what you submitted (if it
# is not there yet, execute again). "hasNextPage" says
# that there is more, "endCursor" where this ends.

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
    query: `# 11. Turn the page: what follows the cursor.
# Look at: the two messages that the conversation
# began with, and "hasNextPage" is false.
#
# This is the end of the tour. The book at the top
# left documents everything else. To have these
# tabs back one day: the gear at the bottom left,
# "Clear data", and reload the page.

query NextPage($threadId: ID!, $endCursor: String!) {
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
