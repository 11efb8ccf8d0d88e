import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, reply, type UpstreamCall } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { type Event, EVENT, eventsIn, type StreamField } from './events.ts';
import { answersOf, subscription, transports } from './subscription.ts';

const query = `subscription { runEvents(threadId: "thread_1", runId: "run_1", after: 3) { ${EVENT} } }`;

const step = (id: string, type: string, status: string, details: object) => ({
  id,
  object: 'thread.run.step',
  thread_id: 'thread_1',
  run_id: 'run_1',
  type,
  status,
  step_details: { type, ...details },
});
const calls = (status: string) => step('step_1', 'tool_calls', status, { tool_calls: [] });
const writing = (status: string) =>
  step('step_2', 'message_creation', status, { message_creation: { message_id: 'msg_1' } });
const needing = (callId: string) =>
  run('requires_action', {
    required_action: {
      type: 'submit_tool_outputs',
      submit_tool_outputs: {
        tool_calls: [{ id: callId, type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    },
  });

/** The states of the upstream: the run, the steps that it lists then, and what a follower is told once it has seen that. */
const life: { run: object; steps?: object[]; told: string[] }[] = [
  { run: run('queued'), told: ['thread.run.queued QUEUED'] },
  { run: run('in_progress'), told: ['thread.run.in_progress IN_PROGRESS'] },
  { run: run('in_progress'), steps: [calls('in_progress')], told: ['thread.run.step.in_progress step_1'] },
  { run: needing('call_1'), steps: [calls('in_progress')], told: ['thread.run.requires_action REQUIRES_ACTION'] },
  { run: needing('call_2'), steps: [calls('in_progress')], told: ['thread.run.requires_action REQUIRES_ACTION'] },
  {
    run: run('in_progress'),
    steps: [calls('completed'), writing('in_progress')],
    told: [
      'thread.run.step.completed step_1',
      'thread.run.step.in_progress step_2',
      'thread.run.in_progress IN_PROGRESS',
    ],
  },
  {
    run: run('completed'),
    steps: [calls('completed'), writing('completed')],
    told: ['thread.run.step.completed step_2', 'thread.message.completed All done.', 'thread.run.completed COMPLETED'],
  },
];

/** An upstream that knows the API's own paths and no more. */
const upstreamOf =
  (now: () => (typeof life)[number] | undefined, unknownPath: () => unknown) => (call: UpstreamCall) => {
    if (call.method !== 'GET') return undefined;
    switch (call.path) {
      case '/threads/thread_1/runs/run_1':
        return reply({ json: now()?.run, headers: { 'openai-poll-after-ms': '1' } });
      case '/threads/thread_1/runs/run_1/steps':
        return { data: now()?.steps ?? [], has_more: false };
      case '/threads/thread_1/messages/msg_1':
        return { id: 'msg_1', thread_id: 'thread_1', status: 'completed', content: [text('All done.')] };
      default:
        return unknownPath();
    }
  };

const text = (value: string) => ({ type: 'text', text: { value, annotations: [] } });
const toldBy = ({ event, run: state, step: part, message }: Event) =>
  [event, state?.status ?? part?.stepId ?? message?.text].join(' ');

test.each([
  ['404 and JSON', () => refusal(404, 'Invalid URL (GET …)')],
  ['404 and a web page', () => reply({ status: 404, body: '<h1>Cannot GET</h1>' })],
  ['405', () => refusal(405, 'Not allowed to GET.')],
  ['200 and something else', () => ({ object: 'list', data: [] })],
])('over an upstream that cannot replay, and answers %s, the run is read to its end', async (_answer, unknownPath) => {
  let state = 0;
  const { url, upstream } = await startFacade(upstreamOf(() => life[state], unknownPath));
  const events: Event[] = [];
  const expected = life.flatMap(({ told: each }) => each);
  for await (const answer of subscription<StreamField>('server-sent events', url, { query })) {
    events.push(...eventsIn([answer]));
    // The next state only once this one was told of: between two readings an upstream may pass through several.
    if (events.length === life.slice(0, state + 1).flatMap(({ told: each }) => each).length) state += 1;
  }
  expect(events.map(toldBy)).toEqual(expected);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map(() => null));
  expect(upstream.paths().filter((path) => path === 'GET /threads/thread_1/messages/msg_1')).toHaveLength(1);
});

test('a run that cannot be read either is an error before anything else', async () => {
  const { url } = await startFacade(() => refusal(404, "No run found with id 'run_1'."));
  for (const transport of transports) {
    expect(await answersOf(subscription(transport, url, { query }))).toMatchObject([
      { errors: [{ message: "No run found with id 'run_1'.", extensions: { code: 'NOT_FOUND' } }] },
    ]);
  }
});
