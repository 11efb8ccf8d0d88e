import type { RunningServer } from '../support/server.ts';
import type { Run } from './events.ts';

/** A server with a GraphQL endpoint. */
export type Graph = Pick<RunningServer, 'graphql'>;

/** The id of a new assistant of the offline model, which calls its function when a message names it. */
export const assistantOf = async ({ graphql }: Graph, functionName: string) => {
  const { data } = await graphql<{ createAssistant: { assistant: { assistantId: string } } }>(
    `mutation ($name: String!) {
      createAssistant(input: { model: "offline", tools: [{ function: { name: $name } }] }) { assistant { assistantId } }
    }`,
    { name: functionName },
  );
  return idIn(data?.createAssistant.assistant.assistantId);
};

/** The id of a new thread with one message. */
export const threadOf = async ({ graphql }: Graph, text: string) => {
  const { data } = await graphql<{ createThread: { thread: { threadId: string } } }>(
    `mutation ($text: String!) {
      createThread(input: { messages: [{ role: USER, content: [{ text: $text }] }] }) { thread { threadId } }
    }`,
    { text },
  );
  return idIn(data?.createThread.thread.threadId);
};

/** A new run on a new thread with one message. */
export const startRun = async ({ graphql }: Graph, assistantId: string, text: string) => {
  const { data } = await graphql<{ createThreadAndRun: { run: { threadId: string; runId: string } } }>(
    `mutation ($assistantId: ID!, $text: String!) {
      createThreadAndRun(
        input: { assistantId: $assistantId, thread: { messages: [{ role: USER, content: [{ text: $text }] }] } }
      ) { run { threadId runId } }
    }`,
    { assistantId, text },
  );
  if (data == null) throw new Error('the run was not created');
  return data.createThreadAndRun.run;
};

/** Submits the same output for each tool call of a run that requires action. */
export const submit = async (
  { graphql }: Graph,
  run: Pick<Run, 'threadId' | 'runId' | 'requiredAction'> | undefined,
  output: string,
) => {
  const toolCalls = run?.requiredAction?.submitToolOutputs.toolCalls ?? [];
  const { errors } = await graphql(
    'mutation ($input: SubmitToolOutputsToRunInput!) { submitToolOutputsToRun(input: $input) { run { runId } } }',
    {
      input: {
        threadId: run?.threadId,
        runId: run?.runId,
        toolOutputs: toolCalls.map(({ id }) => ({ toolCallId: id, output })),
      },
    },
  );
  if (errors) throw new Error(errors[0]?.message);
};

const idIn = (id: string | undefined) => {
  if (id === undefined) throw new Error('the server responded without an id');
  return id;
};
