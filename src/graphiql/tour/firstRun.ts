import { type TourStop, variablesFrom } from './stop.ts';

/** An assistant, a thread and a run on it. */
export const firstRun: readonly TourStop[] = [
  {
    gives: ['assistantId'],
    variables: null,
    query: `# This tour has fourteen operations, one per tab.
# Execute them from left to right, with the pink
# button or Ctrl+Enter. By default the embedded
# engine needs no API key: its model "offline" is
# built in.
#
# IDs are filled in for you: under Variables,
# "{{assistantId}}" stands for the last "assistantId"
# that was returned. You can also enter an ID.
#
# 1. Create an assistant: a model with instructions.
# With another upstream, replace the model by one
# that it has.
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
];
