import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { DONE, frame, run, streamOf } from './eventStream.ts';
import { resultsOf, subscription } from './subscription.ts';

const CREATE_RUN = 'POST /threads/thread_1/runs';
const CREATE_MESSAGE = 'POST /threads/thread_1/messages';
const ACTIVE = 'GET /threads/thread_1/runs/run_0';
const CANCEL = 'POST /threads/thread_1/runs/run_0/cancel';
const FAST = { pollMinMs: 10, pollMaxMs: 10 };

const runRefused = () => refusal(400, 'Thread thread_1 already has an active run run_0.');
const messageRefused = () => refusal(400, "Can't add messages to thread_1 while a run run_0 is active.");

const writes = [
  {
    field: 'createRun',
    call: CREATE_RUN,
    refused: runRefused,
    written: run('queued'),
    mutation:
      'mutation ($policy: ActiveRunPolicy) { createRun(input: { threadId: "thread_1", assistantId: "asst_1", onActiveRun: $policy }) { run { runId } } }',
    payload: { run: { runId: 'run_1' } },
  },
  {
    field: 'createMessage',
    call: CREATE_MESSAGE,
    refused: messageRefused,
    written: { id: 'msg_1', thread_id: 'thread_1' },
    mutation:
      'mutation ($policy: ActiveRunPolicy) { createMessage(input: { threadId: "thread_1", role: USER, content: [{ text: "" }], onActiveRun: $policy }) { message { messageId } } }',
    payload: { message: { messageId: 'msg_1' } },
  },
];

describe.each(writes)('$field over any upstream', ({ field, call, refused, written, mutation, payload }) => {
  /** An upstream whose thread is unlocked once its active run has been read as often as it has states. */
  const locked = (states: string[], more: object = {}) => {
    const left = [...states];
    return {
      [call]: () => (left.length > 0 ? refused() : written),
      [ACTIVE]: () => ({ ...run(left.shift() ?? 'completed'), id: 'run_0' }),
      ...more,
    };
  };
  const conflict = {
    data: { [field]: null },
    errors: [{ path: [field], extensions: { code: 'CONFLICT', activeRunId: 'run_0', upstream: { status: 400 } } }],
  };

  test('a write to a thread with an active run is a CONFLICT that names the run by default', async () => {
    const { query, upstream } = await startFacade(locked(['in_progress']));
    for (const policy of ['REJECT', null, undefined]) expect(await query(mutation, { policy })).toMatchObject(conflict);
    expect(upstream.paths()).toEqual([call, call, call]);
  });

  test('onActiveRun: WAIT waits until the active run has ended', async () => {
    const { query, upstream } = await startFacade(locked(['in_progress', 'requires_action', 'completed']), FAST);
    expect(await query(mutation, { policy: 'WAIT' })).toEqual({ data: { [field]: payload } });
    expect(upstream.paths()).toEqual([call, ACTIVE, ACTIVE, ACTIVE, call]);
  });

  test('onActiveRun: CANCEL cancels the active run, waits until it is cancelled, and then writes', async () => {
    const states = locked(['cancelling', 'cancelled'], { [CANCEL]: { ...run('cancelling'), id: 'run_0' } });
    const { query, upstream } = await startFacade(states, FAST);
    expect(await query(mutation, { policy: 'CANCEL' })).toEqual({ data: { [field]: payload } });
    expect(upstream.paths()).toEqual([call, CANCEL, ACTIVE, ACTIVE, call]);
  });

  test('onActiveRun: CANCEL writes if the active run ended before it could be cancelled', async () => {
    const states = locked(['completed'], {
      [CANCEL]: () => refusal(400, "Cannot cancel run with status 'completed'."),
    });
    const { query } = await startFacade(states, FAST);
    expect(await query(mutation, { policy: 'CANCEL' })).toEqual({ data: { [field]: payload } });
  });

  test('onActiveRun: CANCEL returns the error if the active run cannot be cancelled', async () => {
    const { query } = await startFacade(locked(['in_progress'], { [CANCEL]: () => refusal(403, 'Not yours.') }), FAST);
    expect(await query(mutation, { policy: 'CANCEL' })).toMatchObject({
      errors: [{ message: 'Not yours.', extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('onActiveRun: WAIT returns the CONFLICT after the longest wait that the server allows', async () => {
    const { query, upstream } = await startFacade(
      { [call]: refused, [ACTIVE]: { ...run('in_progress'), id: 'run_0' } },
      { ...FAST, activeRunWaitMs: 100 },
    );
    expect(await query(mutation, { policy: 'WAIT' })).toMatchObject(conflict);
    expect(upstream.paths().filter((path) => path === call)).toHaveLength(1);
  });

  test('a write is retried with pauses if the upstream still rejects it after the run has ended', async () => {
    const PAUSE_MS = 200;
    const started = performance.now();
    const { query, upstream } = await startFacade(
      {
        [call]: () => (performance.now() < started + 1000 ? refused() : written),
        [ACTIVE]: { ...run('completed'), id: 'run_0' },
      },
      { pollMinMs: PAUSE_MS, pollMaxMs: PAUSE_MS },
    );
    expect(await query(mutation, { policy: 'WAIT' })).toEqual({ data: { [field]: payload } });
    const tries = upstream.paths().filter((path) => path === call).length;
    expect(tries).toBeLessThan((performance.now() - started) / PAUSE_MS + 3);
  });

  test('onActiveRun: WAIT waits for each further active run', async () => {
    const others = ['run_8', 'run_9'];
    const { query, upstream } = await startFacade(({ method, path }) => {
      if (method === 'GET') return { ...run('completed'), id: path.split('/').at(-1) };
      const other = others.shift();
      return other === undefined ? written : refusal(409, `Thread thread_1 already has an active run ${other}.`);
    }, FAST);
    expect(await query(mutation, { policy: 'WAIT' })).toEqual({ data: { [field]: payload } });
    expect(upstream.paths().slice(1, 4)).toEqual([
      'GET /threads/thread_1/runs/run_8',
      call,
      'GET /threads/thread_1/runs/run_9',
    ]);
  });
});

test('onActiveRun: WAIT also applies to streams', async () => {
  const states = ['in_progress', 'completed'];
  const { url } = await startFacade(
    {
      [CREATE_RUN]: () =>
        states.length > 0 ? runRefused() : streamOf(frame('thread.run.queued', run('queued')), DONE),
      [ACTIVE]: () => ({ ...run(states.shift() ?? ''), id: 'run_0' }),
    },
    FAST,
  );
  const query = `subscription {
    createRunStream(input: { threadId: "thread_1", assistantId: "asst_1", onActiveRun: WAIT }) { event }
  }`;
  expect(await resultsOf(subscription('a WebSocket', url, { query }))).toEqual([
    { data: { createRunStream: { event: 'thread.run.queued' } } },
  ]);
});

test.each([
  [400, 'Thread thread_1 already has an active run run_abc-1_x.', 'run_abc-1_x'],
  [400, "Can't add messages to thread_1 while a run run_abc is active.", 'run_abc'],
  [409, 'The thread has an active run 7f3a2c.', '7f3a2c'],
  [409, "Run '7f3a2c' is active.", undefined],
  [409, 'Another run is active.', undefined],
])('a %i that says "%s" is a CONFLICT', async (status, message, activeRunId) => {
  const { query } = await startFacade({ [CREATE_RUN]: () => refusal(status, message) });
  const { errors } = await query(writes[0]?.mutation ?? '');
  expect(errors?.[0]).toMatchObject({ message, extensions: { code: 'CONFLICT' } });
  expect(errors?.[0]?.extensions?.['activeRunId']).toBe(activeRunId);
});
