import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, reply, type UpstreamCall } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { type Event, EVENT, eventsIn, type StreamField } from './events.ts';
import { resultsOf, subscription, transports } from './subscription.ts';

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

/** The states of the upstream: the run, its steps, and the events that a follower gets for the state. */
const life: { run: object; steps?: object[]; expected: string[] }[] = [
  { run: run('queued'), expected: ['thread.run.queued QUEUED'] },
  { run: run('in_progress'), expected: ['thread.run.in_progress IN_PROGRESS'] },
  { run: run('in_progress'), steps: [calls('in_progress')], expected: ['thread.run.step.in_progress step_1'] },
  { run: needing('call_1'), steps: [calls('in_progress')], expected: ['thread.run.requires_action REQUIRES_ACTION'] },
  { run: needing('call_2'), steps: [calls('in_progress')], expected: ['thread.run.requires_action REQUIRES_ACTION'] },
  {
    run: run('in_progress'),
    steps: [calls('completed'), writing('in_progress')],
    expected: [
      'thread.run.step.completed step_1',
      'thread.run.step.in_progress step_2',
      'thread.run.in_progress IN_PROGRESS',
    ],
  },
  {
    run: run('completed'),
    steps: [calls('completed'), writing('completed')],
    expected: [
      'thread.run.step.completed step_2',
      'thread.message.completed All done.',
      'thread.run.completed COMPLETED',
    ],
  },
];

/** An upstream with only the paths of the API. */
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
])(
  'over an upstream without event streams, which returns %s, the run is polled to its end',
  async (_response, unknownPath) => {
    let state = 0;
    const { url, upstream } = await startFacade(upstreamOf(() => life[state], unknownPath));
    const events: Event[] = [];
    const expected = life.flatMap(({ expected: each }) => each);
    for await (const response of subscription<StreamField>('server-sent events', url, { query })) {
      events.push(...eventsIn([response]));
      // The next state only after the events of this one: between two reads an upstream may pass through several.
      if (events.length === life.slice(0, state + 1).flatMap(({ expected: each }) => each).length) state += 1;
    }
    expect(events.map(toldBy)).toEqual(expected);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map(() => null));
    expect(upstream.paths().filter((path) => path === 'GET /threads/thread_1/messages/msg_1')).toHaveLength(1);
  },
);

test('a run that cannot be polled either is an error before the first event', async () => {
  const { url } = await startFacade(() => refusal(404, "No run found with id 'run_1'."));
  for (const transport of transports) {
    expect(await resultsOf(subscription(transport, url, { query }))).toMatchObject([
      { errors: [{ message: "No run found with id 'run_1'.", extensions: { code: 'NOT_FOUND' } }] },
    ]);
  }
});
