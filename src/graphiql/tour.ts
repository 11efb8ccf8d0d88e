/** A ready-made operation, offered as a tab of GraphiQL whose name is the operation's. */
export interface TourStop {
  query: string;
  /** JSON. `{{name}}` stands for the last value that an answer had under that name (browser/placeholders.js). */
  variables: string;
  /** The names that this operation's answer makes known to later ones. */
  gives: readonly string[];
}

const stop = (gives: readonly string[], query: string, variables: object): TourStop => ({
  query,
  variables: JSON.stringify(variables, null, 2),
  gives,
});

/** Operations that work one after the other, beginning with an empty store. The offline model is enough for them. */
export const tour: readonly TourStop[] = [
  stop(
    ['assistantId'],
    `# Ten operations, one a tab: execute them from left to right
# (the round button, or Ctrl+Enter). They need no key: unless
# told otherwise, a small built-in model answers.
#
# Ids travel by themselves. Below, under Variables, later tabs
# say "{{assistantId}}": it stands for the last assistantId
# that any answer had. Put a real id there whenever you like.
#
# 1. Create an assistant: a model, and what it is told to do.
# Look at: "assistantId" is the id that REST knows, "id" the
# global one that node(id:) takes.

mutation CreateAssistant($input: CreateAssistantInput!) {
  createAssistant(input: $input) {
    assistant {
      assistantId
      id
      name
      model
      instructions
      createdAt
    }
  }
}
`,
    {
      input: {
        name: 'Librarian',
        model: 'offline',
        instructions: 'Answer in one sentence.',
        metadata: { tour: 'yes' },
      },
    },
  ),
  stop(
    ['threadId', 'messageId'],
    `# 2. Start a conversation: a thread, with a first message.
# Look at: nobody has answered. A thread only holds messages,
# and belongs to no assistant until one is run on it.

mutation CreateThread($input: CreateThreadInput!) {
  createThread(input: $input) {
    thread {
      threadId
      messages {
        nodes {
          messageId
          role
          text
        }
      }
    }
  }
}
`,
    {
      input: {
        messages: [{ role: 'USER', content: [{ text: 'Which book should I read next?' }] }],
      },
    },
  ),
  stop(
    ['runId'],
    `# 3. Run the assistant on the thread.
# Look at: "status" is QUEUED. A run works in the background
# and this answer did not wait for it.

mutation CreateRun($input: CreateRunInput!) {
  createRun(input: $input) {
    run {
      runId
      status
      createdAt
      expiresAt
    }
  }
}
`,
    { input: { threadId: '{{threadId}}', assistantId: '{{assistantId}}' } },
  ),
  stop(
    [],
    `# 4. Look at it, from the thread down.
# Look at: the run is COMPLETED (if not yet, execute again),
# its one step wrote a message, and the thread has the answer.
# Every message leads back to its run and its assistant: the
# graph goes round, and asks REST for each thing only once.

query LookAround($threadId: ID!) {
  thread(threadId: $threadId) {
    runs {
      nodes {
        runId
        status
        duration
        usage {
          totalTokens
        }
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
    { threadId: '{{threadId}}' },
  ),
  stop(
    ['assistantId'],
    `# 5. Create an assistant that may call a function of yours.
# Look at: "parameters" is a JSON Schema, kept as you sent it.
# From here on {{assistantId}} is this assistant.

mutation CreateAssistantWithFunction($input: CreateAssistantInput!) {
  createAssistant(input: $input) {
    assistant {
      assistantId
      name
      tools {
        ... on FunctionTool {
          function {
            name
            description
            parameters
          }
        }
      }
    }
  }
}
`,
    {
      input: {
        name: 'Weather desk',
        model: 'offline',
        tools: [
          {
            function: {
              name: 'get_weather',
              description: 'The weather in a city, now.',
              parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
            },
          },
        ],
      },
    },
  ),
  stop(
    ['threadId', 'runId'],
    `# 6. A new thread with three messages, and a run on it, at
# once. The built-in model calls a function when the last
# message names it; the JSON there becomes its arguments.
# Look at: {{threadId}} and {{runId}} are these from now on.

mutation CreateThreadAndRun($input: CreateThreadAndRunInput!) {
  createThreadAndRun(input: $input) {
    run {
      runId
      threadId
      status
      assistant {
        name
      }
    }
  }
}
`,
    {
      input: {
        assistantId: '{{assistantId}}',
        thread: {
          messages: [
            { role: 'USER', content: [{ text: 'Hello!' }] },
            { role: 'ASSISTANT', content: [{ text: 'Hello. Which city?' }] },
            { role: 'USER', content: [{ text: 'What is get_weather {"city": "Oslo"}?' }] },
          ],
        },
      },
    },
  ),
  stop(
    ['toolCallId'],
    `# 7. See what the run is waiting for.
# Look at: "status" is REQUIRES_ACTION (if not yet, execute
# again): calling the function is up to you. The call's id
# is given the name "toolCallId" here, so that it travels too.

query WhatIsAsked($threadId: ID!, $runId: ID!) {
  run(threadId: $threadId, runId: $runId) {
    status
    expiresAt
    requiredAction {
      submitToolOutputs {
        toolCalls {
          toolCallId: id
          function {
            name
            arguments
          }
        }
      }
    }
  }
}
`,
    { threadId: '{{threadId}}', runId: '{{runId}}' },
  ),
  stop(
    ['runId', 'threadId'],
    `# 8. Answer the call. Any text will do, JSON is usual.
# Look at: the run is QUEUED again, and goes on from here.

mutation SubmitToolOutputs($input: SubmitToolOutputsToRunInput!) {
  submitToolOutputsToRun(input: $input) {
    run {
      runId
      threadId
      status
    }
  }
}
`,
    {
      input: {
        threadId: '{{threadId}}',
        runId: '{{runId}}',
        toolOutputs: [{ toolCallId: '{{toolCallId}}', output: '{"celsius": 7, "sky": "light rain"}' }],
      },
    },
  ),
  stop(
    ['endCursor'],
    `# 9. Read the conversation, newest first, two at a time.
# Look at: the answer quotes your output (if not yet, execute
# again). "hasNextPage" says that there is more, and
# "endCursor" where this page stopped.

query ReadConversation($threadId: ID!, $first: Int!) {
  thread(threadId: $threadId) {
    messages(first: $first) {
      edges {
        cursor
        node {
          role
          text
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
    { threadId: '{{threadId}}', first: 2 },
  ),
  stop(
    ['endCursor'],
    `# 10. The next page: what follows the cursor.
# Look at: the two messages that the conversation began with,
# and "hasNextPage" is false. That is the end of the tour;
# the book icon at the left documents all the rest.
#
# To have the ten tabs back one day: the gear below it,
# "Clear data", and reload the page.

query NextPage($threadId: ID!, $first: Int!, $after: String!) {
  thread(threadId: $threadId) {
    messages(first: $first, after: $after) {
      nodes {
        role
        text
        createdAt
      }
      pageInfo {
        hasPreviousPage
        hasNextPage
        endCursor
      }
    }
  }
}
`,
    { threadId: '{{threadId}}', first: 2, after: '{{endCursor}}' },
  ),
];
