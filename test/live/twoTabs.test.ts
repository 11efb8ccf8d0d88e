import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { assistantOf, threadOf } from './engineObjects.ts';

// Two browser tabs on one thread of the engine: the second writes while the run of the first is active.

let server: RunningServer;
let assistantId: string;

beforeAll(async () => {
  server = await startServer();
  assistantId = await assistantOf(server, 'get_weather');
});

afterAll(async () => {
  await server.stop();
});

const createRun = (threadId: string, onActiveRun: string, waitSeconds = 0) =>
  server.graphql<{ createRun: { run: { runId: string; status: string } } }>(
    `mutation ($input: CreateRunInput!) { createRun(input: $input) { run { runId status } } }`,
    { input: { threadId, assistantId, onActiveRun, waitSeconds } },
  );

const createMessage = (threadId: string, text: string, onActiveRun: string) =>
  server.graphql(`mutation ($input: CreateMessageInput!) { createMessage(input: $input) { message { text } } }`, {
    input: { threadId, role: 'USER', content: [{ text }], onActiveRun },
  });

const threadNow = async (threadId: string) => {
  const { data } = await server.graphql<{
    thread: { messages: { nodes: { text: string }[] }; runs: { nodes: { status: string }[] } };
  }>(
    `query ($threadId: ID!) {
      thread(threadId: $threadId) { messages(order: ASC) { nodes { text } } runs(order: ASC) { nodes { status } } }
    }`,
    { threadId },
  );
  return {
    messages: data?.thread.messages.nodes.map(({ text }) => text),
    runs: data?.thread.runs.nodes.map(({ status }) => status),
  };
};

test('with WAIT the message of the second tab follows the reply to the first', async () => {
  const threadId = await threadOf(server, 'First, and take 1 second.');
  await createRun(threadId, 'REJECT');
  expect(await createMessage(threadId, 'Refused.', 'REJECT')).toMatchObject({
    errors: [{ extensions: { code: 'CONFLICT' } }],
  });

  expect(await createMessage(threadId, 'Second.', 'WAIT')).toEqual({
    data: { createMessage: { message: { text: 'Second.' } } },
  });
  expect(await createRun(threadId, 'WAIT', 60)).toMatchObject({
    data: { createRun: { run: { status: 'COMPLETED' } } },
  });
  expect(await threadNow(threadId)).toEqual({
    messages: [
      'First, and take 1 second.',
      '[offline model] You wrote: "First, and take 1 second."',
      'Second.',
      '[offline model] You wrote: "Second."',
    ],
    runs: ['COMPLETED', 'COMPLETED'],
  });
});

test('with CANCEL the second tab ends the run of the first and writes at once', async () => {
  const threadId = await threadOf(server, 'First, and take 500 seconds.');
  await createRun(threadId, 'REJECT');

  expect(await createMessage(threadId, 'Second.', 'CANCEL')).toMatchObject({ data: { createMessage: {} } });
  expect(await createRun(threadId, 'CANCEL', 60)).toMatchObject({
    data: { createRun: { run: { status: 'COMPLETED' } } },
  });
  expect(await threadNow(threadId)).toEqual({
    messages: ['First, and take 500 seconds.', 'Second.', '[offline model] You wrote: "Second."'],
    runs: ['CANCELLED', 'COMPLETED'],
  });
});

test('CANCEL ends a run that requires action', async () => {
  const threadId = await threadOf(server, 'get_weather');
  expect(await createRun(threadId, 'REJECT', 60)).toMatchObject({
    data: { createRun: { run: { status: 'REQUIRES_ACTION' } } },
  });
  expect(await createMessage(threadId, 'Never mind.', 'CANCEL')).toMatchObject({ data: { createMessage: {} } });
  expect(await threadNow(threadId)).toEqual({ messages: ['get_weather', 'Never mind.'], runs: ['CANCELLED'] });
});

test('many writes with WAIT are done one after the other', async () => {
  const threadId = await threadOf(server, 'First, and take 0.2 seconds.');
  const turns = await Promise.all(Array.from({ length: 5 }, () => createRun(threadId, 'WAIT')));
  expect(turns.map(({ errors }) => errors)).toEqual(turns.map(() => undefined));
  expect(new Set(turns.map(({ data }) => data?.createRun.run.runId)).size).toBe(5);
  await createMessage(threadId, 'Last.', 'WAIT');
  const { messages, runs } = await threadNow(threadId);
  expect(runs).toEqual(turns.map(() => 'COMPLETED'));
  expect(messages).toEqual([
    'First, and take 0.2 seconds.',
    ...turns.map(() => '[offline model] You wrote: "First, and take 0.2 seconds."'),
    'Last.',
  ]);
});
