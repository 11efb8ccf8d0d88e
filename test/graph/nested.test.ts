import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { assistant, message, pageOf, run, thread, toolStep } from './fixtures.ts';

const runIds = Array.from({ length: 20 }, (_, index) => `run_${index + 1}`);

const stepsOf = (runId: string) =>
  ['a', 'b'].map((name) => ({ ...toolStep, id: `step_${name}_of_${runId}`, run_id: runId }));

/** The routes of the nested query below: a thread with 20 runs, each with two steps and one message. */
const bakery = () => {
  const runs = runIds.map((id) => ({ ...run, id }));
  const messages = runIds.map((runId) => ({ ...message, id: `msg_of_${runId}`, run_id: runId }));
  return {
    'GET /threads/thread_1': thread,
    'GET /threads/thread_1/runs': pageOf(...runs),
    'GET /threads/thread_1/messages': pageOf(...messages),
    'GET /assistants/asst_1': assistant,
    ...Object.fromEntries(
      runs.flatMap((one) => [
        [`GET /threads/thread_1/runs/${one.id}`, one],
        [`GET /threads/thread_1/runs/${one.id}/steps`, pageOf(...stepsOf(one.id))],
      ]),
    ),
  };
};

/** The minimum of REST calls for it. */
const fewestCalls = [
  'GET /threads/thread_1',
  'GET /threads/thread_1/runs?limit=20&order=desc',
  'GET /threads/thread_1/messages?limit=20&order=desc',
  ...runIds.map((id) => `GET /threads/thread_1/runs/${id}/steps?limit=20&order=desc`),
  'GET /assistants/asst_1',
];

const nested = `{
  thread(threadId: "thread_1") {
    createdAt
    runs { nodes { runId steps { nodes { stepId run { runId status } assistant { name } } } } }
    messages { nodes { messageId run { status assistant { name } thread { createdAt } } } }
  }
}`;

test('a thread, its 20 runs, their steps, its messages, their runs and assistants make each REST call once', async () => {
  const routes: Record<string, object> = bakery();
  const stepsAsked = gate();
  let lists = 0;
  const { query, upstream } = await startFacade(async ({ method, path }) => {
    if (path.endsWith('/steps') && ++lists === runIds.length) stepsAsked.open();
    // By then the list of runs has arrived, so that each run is known.
    if (path.endsWith('/messages')) await stepsAsked.opened;
    return routes[`${method} ${path}`];
  });

  const { data, errors } = await query<{ thread: Nested }>(nested);
  expect(errors).toBeUndefined();
  expect(upstream.paths().toSorted()).toEqual(fewestCalls.toSorted());
  expect(data?.thread.runs.nodes.map(({ steps }) => steps.nodes.length)).toEqual(runIds.map(() => 2));
  expect(data?.thread.messages.nodes.map((node) => node.run)).toEqual(
    runIds.map(() => ({
      status: 'REQUIRES_ACTION',
      assistant: { name: 'Baker' },
      thread: { createdAt: '2023-11-14T22:15:00.000Z' },
    })),
  );
});

test('no REST call is made twice, whichever list arrives first', async () => {
  const { query, upstream } = await startFacade(bakery());

  expect((await query(nested)).errors).toBeUndefined();
  expect(new Set(upstream.paths()).size).toBe(upstream.calls.length);
});

test('independent REST calls of a look-up run in parallel', async () => {
  const asked = new Set<string>();
  const allAsked = gate();
  const together = (name: string, result: object) => async () => {
    if (asked.add(name).size === 3) allAsked.open();
    await allAsked.opened;
    return result;
  };
  const { query } = await startFacade({
    'GET /threads/thread_1': together('thread', thread),
    'GET /threads/thread_1/runs': together('runs', pageOf(run)),
    'GET /threads/thread_1/messages': together('messages', pageOf(message)),
  });

  // Each response waits until all three requests have arrived.
  const result = await query(`{
    thread(threadId: "thread_1") { createdAt runs { nodes { runId } } messages { nodes { messageId } } }
  }`);
  expect(result).toMatchObject({
    data: { thread: { runs: { nodes: [{ runId: 'run_1' }] }, messages: { nodes: [{ messageId: 'msg_1' }] } } },
  });
});

interface Nested {
  runs: { nodes: { runId: string; steps: { nodes: unknown[] } }[] };
  messages: { nodes: { run: unknown }[] };
}

const gate = () => {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open?.() };
};
