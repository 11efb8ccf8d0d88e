import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, crossing, runStory } from './story.ts';
import { startSupergraph, type Supergraph } from './supergraph.ts';

/** What happens to a run, from one subgraph, and whose thread it is, from the other. */
const subscription = `subscription ($threadId: ID!, $runId: ID!) {
  runEvents(threadId: $threadId, runId: $runId) {
    event
    ... on RunStateStreamEvent { run { status thread { owner { name } } } }
    ... on MessageDeltaStreamEvent { text }
  }
}`;

interface RunEvent {
  event: string;
  run?: { status: string; thread: { owner: { name: string } | null } };
  text?: string;
}

test('@apollo/gateway answers a query that crosses both subgraphs', async () => {
  const supergraph = await startSupergraph({ gateway: 'apollo' });
  onTestFinished(() => supergraph.stop());
  expect(await toldOn(supergraph)).toEqual(story);
});

describe.each(['sse', 'ws'] as const)('Hive Gateway, with subscriptions from the subgraph by %s,', (subscriptions) => {
  let supergraph: Supergraph;

  beforeAll(async () => {
    supergraph = await startSupergraph({ gateway: 'hive', subscriptions });
  });
  afterAll(() => supergraph.stop());

  test('answers a query that crosses both subgraphs', async () => {
    expect(await toldOn(supergraph)).toEqual(story);
  });

  test('passes a run on to a client by server-sent events, joined with its owner', async () => {
    const client = createSseClient({ url: supergraph.url });
    const variables = await claimedRun(supergraph.url);
    expect(await outcomeOf(client.iterate({ query: subscription, variables }))).toEqual(outcome);
    client.dispose();
  });

  test('passes a run on to a client by WebSocket, joined with its owner', async () => {
    const client = createWsClient({ url: supergraph.url.replace('http', 'ws'), webSocketImpl: WebSocket });
    const variables = await claimedRun(supergraph.url);
    expect(await outcomeOf(client.iterate({ query: subscription, variables }))).toEqual(outcome);
    await client.dispose();
  });
});

const toldOn = async ({ url }: Supergraph) => {
  await runStory(url);
  const { user } = await ask(url, crossing);
  return user.threads.nodes[0];
};

const answer = expect.stringContaining('What is the tallest tree?');

const story = {
  owner: { name: 'Ada' },
  messages: {
    nodes: [
      { role: 'USER', text: 'What is the tallest tree?' },
      { role: 'ASSISTANT', text: answer },
    ],
  },
  runs: {
    nodes: [
      {
        status: 'COMPLETED',
        duration: expect.any(Number),
        steps: { nodes: [{ type: 'MESSAGE_CREATION', status: 'COMPLETED' }] },
      },
    ],
  },
};

/** A run on a thread of Ada's. */
const claimedRun = async (url: string) => {
  const threadId = await runStory(url);
  const { assistants } = await ask(url, '{ assistants(first: 1) { nodes { assistantId } } }');
  const { createRun } = await ask(
    url,
    'mutation ($input: CreateRunInput!) { createRun(input: $input) { run { runId } } }',
    { input: { threadId, assistantId: assistants.nodes[0].assistantId } },
  );
  return { threadId, runId: createRun.run.runId };
};

/** Where the run ended, and what was written on the way. */
const outcomeOf = async (results: AsyncIterable<{ data?: unknown; errors?: readonly unknown[] | undefined }>) => {
  let [state, text]: [RunEvent['run'], string] = [undefined, ''];
  for await (const { data, errors } of results) {
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    const { runEvents: event } = data as { runEvents: RunEvent };
    state = event.run ?? state;
    text += event.text ?? '';
  }
  return { state, text };
};

const outcome = { state: { status: 'COMPLETED', thread: { owner: { name: 'Ada' } } }, text: answer };
