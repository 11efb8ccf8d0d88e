import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { assistantOf, threadOf } from './engineObjects.ts';
import { EVENT, eventsIn, type StreamField } from './events.ts';
import { resultsOf, subscription, type Transport, transports } from './subscription.ts';

let server: RunningServer;
let assistantId: string;

beforeAll(async () => {
  server = await startServer();
  assistantId = await assistantOf(server, 'get_weather');
});

afterAll(async () => {
  await server.stop();
});

const STREAMS = {
  createRunStream: `subscription ($input: CreateRunInput!) { createRunStream(input: $input) { ${EVENT} } }`,
  createThreadAndRunStream: `subscription ($input: CreateThreadAndRunInput!) {
    createThreadAndRunStream(input: $input) { ${EVENT} }
  }`,
  submitToolOutputsToRunStream: `subscription ($input: SubmitToolOutputsToRunInput!) {
    submitToolOutputsToRunStream(input: $input) { ${EVENT} }
  }`,
};

const streamed = (transport: Transport, field: keyof typeof STREAMS, input: object) =>
  resultsOf<StreamField>(
    subscription(transport, `${server.url}/graphql`, { query: STREAMS[field], variables: { input } }),
  );

const question = (text: string) => ({ messages: [{ role: 'USER', content: [{ text }] }] });

test.each(transports)(
  'over %s every event of a run is typed and numbered, through a tool call to its end',
  async (transport) => {
    const first = eventsIn(
      await streamed(transport, 'createThreadAndRunStream', {
        assistantId,
        thread: question('get_weather {"city": "Oslo"}'),
      }),
    );
    const waiting = first.at(-1)?.run;
    const calls = waiting?.requiredAction?.submitToolOutputs.toolCalls ?? [];
    expect(calls).toMatchObject([{ function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }]);
    const second = eventsIn(
      await streamed(transport, 'submitToolOutputsToRunStream', {
        threadId: waiting?.threadId,
        runId: waiting?.runId,
        toolOutputs: calls.map(({ id }) => ({ toolCallId: id, output: 'four degrees and rain' })),
      }),
    );

    const kinds = [...first, ...second].map(({ __typename, event }) => `${__typename} ${event}`);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'ThreadStreamEvent thread.created',
      'RunStateStreamEvent thread.run.created',
      'RunStateStreamEvent thread.run.queued',
      'RunStateStreamEvent thread.run.in_progress',
      'RunStepStreamEvent thread.run.step.created',
      'RunStepStreamEvent thread.run.step.in_progress',
      'RunStepDeltaStreamEvent thread.run.step.delta',
      'RunStateStreamEvent thread.run.requires_action',
      'RunStepStreamEvent thread.run.step.completed',
      'RunStateStreamEvent thread.run.queued',
      'RunStateStreamEvent thread.run.in_progress',
      'RunStepStreamEvent thread.run.step.created',
      'RunStepStreamEvent thread.run.step.in_progress',
      'MessageStreamEvent thread.message.created',
      'MessageStreamEvent thread.message.in_progress',
      'MessageDeltaStreamEvent thread.message.delta',
      'MessageStreamEvent thread.message.completed',
      'RunStepStreamEvent thread.run.step.completed',
      'RunStateStreamEvent thread.run.completed',
    ]);
    expect([...first, ...second].map(({ sequence }) => sequence)).toEqual(kinds.map((_, index) => index + 1));

    const callDeltas = first.flatMap(({ stepDelta }) => stepDelta?.stepDetails.toolCalls ?? []);
    expect(callDeltas[0]).toMatchObject({ index: 0, callId: calls[0]?.id, function: { name: 'get_weather' } });
    expect(callDeltas.map((call) => call.function.arguments).join('')).toBe('{"city":"Oslo"}');

    const deltas = second.filter(({ __typename }) => __typename === 'MessageDeltaStreamEvent');
    const message = second.find(({ event }) => event === 'thread.message.completed')?.message;
    expect(deltas.length).toBeGreaterThan(1);
    expect(message?.text).toBe('[offline model] get_weather returned: four degrees and rain');
    expect(deltas.map(({ text }) => text).join('')).toBe(message?.text);
    expect(deltas.map(({ delta }) => delta?.content[0]?.text?.value).join('')).toBe(message?.text);
    expect(new Set(deltas.map(({ messageId }) => messageId))).toEqual(new Set([message?.messageId]));
  },
);

test.each(transports)('over %s the fields of each event are read again for that event', async (transport) => {
  const threadId = await threadOf(server, 'get_weather, please');
  const events = eventsIn(await streamed(transport, 'createRunStream', { threadId, assistantId }));
  const runs = events.flatMap(({ run }) => run ?? []);
  expect(runs.map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED', 'IN_PROGRESS', 'REQUIRES_ACTION']);
  expect(runs[0]?.steps.nodes).toEqual([]);
  expect(runs.at(-1)?.steps.nodes).toMatchObject([{ status: 'IN_PROGRESS' }]);
  expect(events.find(({ step }) => step)?.step?.run.runId).toBe(runs[0]?.runId);

  const again = await streamed(transport, 'createRunStream', { threadId, assistantId });
  expect(again).toMatchObject([
    {
      errors: [
        {
          message: `Thread ${threadId} already has an active run ${runs[0]?.runId}.`,
          extensions: { code: 'CONFLICT', activeRunId: runs[0]?.runId, upstream: { status: 400 } },
        },
      ],
    },
  ]);
});

test.each(transports)(
  'over %s a subscription that cannot begin returns one result with an error code',
  async (transport) => {
    const url = `${server.url}/graphql`;
    const errorsOf = async (query: string) => {
      const results = await resultsOf(subscription(transport, url, { query }));
      expect(results.every(({ data }) => data == null)).toBe(true);
      return results.map(({ errors }) => errors?.map(({ extensions }) => extensions?.['code']));
    };
    expect(await errorsOf('subscription { runEvents(threadId: "thread_1", runId: "run_1") { event } }')).toEqual([
      ['NOT_FOUND'],
    ]);
    expect(await errorsOf('subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }')).toEqual([
      ['NOT_FOUND'],
    ]);
    expect(await errorsOf('subscription { runEvents(threadId: "t", runId: "r", after: -1) { event } }')).toEqual([
      ['BAD_USER_INPUT'],
    ]);
    expect(await errorsOf('subscription { runEvents(threadId: "a/b", runId: "..") { event } }')).toEqual([
      ['BAD_USER_INPUT'],
    ]);
    expect(
      await errorsOf('subscription { createThreadAndRunStream(input: { assistantId: "asst_1" }) { event } }'),
    ).toEqual([['NOT_FOUND']]);
    expect(
      await errorsOf(
        `subscription { createThreadAndRunStream(input: { assistantId: "${assistantId}", temperature: 3 }) { event } }`,
      ),
    ).toEqual([['BAD_USER_INPUT']]);
    expect(await errorsOf('subscription { runEvents(threadId: "t") { event } }')).toEqual([['BAD_USER_INPUT']]);
    expect(await errorsOf('subscription { nothing }')).toEqual([['BAD_USER_INPUT']]);
    expect(await errorsOf('subscription {')).toEqual([['BAD_USER_INPUT']]);
  },
);
