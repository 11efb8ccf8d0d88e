import type { RunningServer } from '../support/server.ts';

/** The server, or as much of it as speaks GraphQL. */
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

const idIn = (id: string | undefined) => {
  if (id === undefined) throw new Error('the server answered without an id');
  return id;
};
