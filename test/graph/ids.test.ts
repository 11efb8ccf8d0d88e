import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { assistant, message, messageStep, pageOf, resources, run, thread, toolStep } from './fixtures.ts';

const all = Object.fromEntries(resources.map(({ path, object }) => [`GET ${path}`, object]));

const node = 'query ($id: ID!) { node(id: $id) { __typename id } }';

describe('an id cannot leave its place in the path', () => {
  test.each([
    ['../asst_1', '/assistants/..%2Fasst_1'],
    ['a/../../threads', '/assistants/a%2F..%2F..%2Fthreads'],
    ['%2e%2e', '/assistants/%252e%252e'],
    ['asst_1?limit=1', '/assistants/asst_1%3Flimit%3D1'],
    ['asst_1#x', '/assistants/asst_1%23x'],
    ['ein Brötchen 🥨', '/assistants/ein%20Br%C3%B6tchen%20%F0%9F%A5%A8'],
  ])('%s', async (assistantId, path) => {
    const { query, upstream } = await startFacade(() => refusal(404, 'No such assistant.'));

    expect(await query('query ($id: ID!) { assistant(assistantId: $id) { name } }', { id: assistantId })).toEqual({
      data: { assistant: null },
    });
    expect(upstream.paths()).toEqual([`GET ${path}`]);
  });

  test.each(['..', '.', ''])('"%s", which no encoding makes safe, is an error', async (id) => {
    const { query, upstream } = await startFacade({});

    const document = `query ($id: ID!) {
      assistant(assistantId: $id) { name }
      message(threadId: "t1", messageId: $id) { role }
      runStep(threadId: $id, runId: "r1", stepId: "s1") { status }
    }`;
    const { data, errors } = await query(document, { id });
    expect(data).toEqual({ assistant: null, message: null, runStep: null });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(
      Array.from({ length: 3 }, () => 'BAD_USER_INPUT'),
    );
    expect(errors?.[0]?.message).toContain('cannot be an id');
    expect(upstream.calls).toEqual([]);
  });

  test.each(['..', '', '../x'])('nor in a mutation: "%s"', async (threadId) => {
    const { query, upstream } = await startFacade(() => refusal(404, 'No such thread.'));

    const document = 'mutation ($id: ID!) { deleteThread(input: { threadId: $id }) { deletedThreadId } }';
    expect((await query(document, { id: threadId })).errors).toHaveLength(1);
    expect(upstream.paths()).toEqual(threadId === '../x' ? ['DELETE /threads/..%2Fx'] : []);
  });

  test('nor can an id that a server returns', async () => {
    const { query, upstream } = await startFacade({
      'GET /threads/thread_1/runs/run_1': { ...run, assistant_id: '../threads/thread_2' },
      'GET /assistants/..%2Fthreads%2Fthread_2': refusal(404, 'No such assistant.'),
    });

    expect(await query('{ run(threadId: "thread_1", runId: "run_1") { assistant { name } } }')).toEqual({
      data: { run: { assistant: null } },
    });
    expect(upstream.calls).toHaveLength(2);
  });
});

describe('a global id', () => {
  test('differs from that of any other object, even with the same REST id', async () => {
    const { query } = await startFacade({
      'GET /assistants/x': { id: 'x' },
      'GET /threads/x': { id: 'x' },
      'GET /threads/x/messages/x': { id: 'x' },
      'GET /threads/x/runs/x': { id: 'x' },
      'GET /threads/x/runs/x/steps/x': { id: 'x' },
      'GET /threads/y/runs/x': { id: 'x' },
    });

    const { data } = await query<Record<string, { id: string }>>(`{
      a: assistant(assistantId: "x") { id }
      b: thread(threadId: "x") { id }
      c: message(threadId: "x", messageId: "x") { id }
      d: run(threadId: "x", runId: "x") { id }
      e: runStep(threadId: "x", runId: "x", stepId: "x") { id }
      f: run(threadId: "y", runId: "x") { id }
    }`);
    expect(new Set(Object.values(data ?? {}).map(({ id }) => id)).size).toBe(6);
  });

  test('is the same wherever the object is returned', async () => {
    const { query } = await startFacade({
      ...all,
      'GET /threads/thread_1/runs': pageOf(run),
      'POST /threads/thread_1/runs/run_1': run,
    });
    const look = await query<{ run: { id: string } }>('{ run(threadId: "thread_1", runId: "run_1") { id } }');
    const id = look.data?.run.id;

    expect(
      await query(
        '{ message(threadId: "thread_1", messageId: "msg_1") { run { id } thread { runs { nodes { id } } } } }',
      ),
    ).toEqual({ data: { message: { run: { id }, thread: { runs: { nodes: [{ id }] } } } } });
    expect(
      await query('mutation { modifyRun(input: { threadId: "thread_1", runId: "run_1" }) { run { id } } }'),
    ).toEqual({ data: { modifyRun: { run: { id } } } });
  });

  test('holds any REST id, however odd', async () => {
    const odd = 'a:b/c%2F..🥨';
    const path = `GET /threads/${encodeURIComponent(odd)}/messages/${encodeURIComponent(odd)}`;
    const { query, upstream } = await startFacade({ [path]: { id: odd } });
    const document = 'query ($id: ID!) { message(threadId: $id, messageId: $id) { id threadId messageId } }';
    const { data } = await query<{ message: { id: string } }>(document, { id: odd });

    expect(data?.message).toMatchObject({ threadId: odd, messageId: odd });
    expect(await query(node, { id: data?.message.id })).toEqual({
      data: { node: { __typename: 'Message', id: data?.message.id } },
    });
    expect(upstream.paths()).toEqual([path, path]);
  });

  test('of one type is not accepted for another', async () => {
    const { query } = await startFacade(all);
    const { data } = await query<{ thread: { id: string } }>('{ thread(threadId: "thread_1") { id } }');

    const document =
      'query ($id: ID!) { node(id: $id) { __typename ... on Assistant { name } ... on Run { status } } }';
    expect(await query(document, { id: data?.thread.id })).toEqual({ data: { node: { __typename: 'Thread' } } });
  });

  test.each([
    ['a REST id', 'asst_1'],
    ['nothing', ''],
    ['no such type', encoded('Bakery:b1')],
    ['a part of the type alone', encoded('Object:constructor')],
    ['an id too few', encoded('Message:thread_1')],
    ['an id too many', encoded('Thread:thread_1/msg_1')],
    ['ids that are not escaped as they should be', encoded('Thread:a%zz')],
    ['another spelling of the same id', `${encoded('Thread:thread_1')}=`],
    ['a cursor', encoded('assistants#asst_1')],
  ])('that is %s is an error', async (_, id) => {
    const { query, upstream } = await startFacade(all);

    expect(await query(node, { id })).toMatchObject({
      data: { node: null },
      errors: [
        {
          message: expect.stringContaining('is not a global ID'),
          path: ['node'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    expect(upstream.calls).toEqual([]);
  });
});

test('malformed ids in `nodes` are errors at their own index, and the others are returned', async () => {
  const { query } = await startFacade({ ...all, 'GET /threads/gone': refusal(404, 'It is gone.') });

  const ids = [
    encoded('Assistant:asst_1'),
    'nonsense',
    encoded('Thread:gone'),
    encoded('RunStep:thread_1/run_1/step_1'),
    encoded('Message:..'),
    encoded('Assistant:asst_1'),
  ];
  const result = await query(
    `query ($ids: [ID!]!) { nodes(ids: $ids) {
      __typename ... on Assistant { name } ... on RunStep { stepId status }
    } }`,
    { ids },
  );
  expect(result.data).toEqual({
    nodes: [
      { __typename: 'Assistant', name: 'Baker' },
      null,
      null,
      { __typename: 'RunStep', stepId: 'step_1', status: 'COMPLETED' },
      null,
      { __typename: 'Assistant', name: 'Baker' },
    ],
  });
  expect(result.errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
    [['nodes', 1], 'BAD_USER_INPUT'],
    [['nodes', 4], 'BAD_USER_INPUT'],
  ]);
});

test('an object returned by `node` has its edges like any other', async () => {
  const { query } = await startFacade({ ...all, 'GET /threads/thread_1/messages': pageOf(message) });

  const result = await query(
    `query ($id: ID!) { node(id: $id) { ... on Thread { metadata messages(first: 1) { nodes { run { status } } } } } }`,
    { id: encoded('Thread:thread_1') },
  );
  expect(result).toEqual({
    data: {
      node: { metadata: thread.metadata, messages: { nodes: [{ run: { status: 'REQUIRES_ACTION' } }] } },
    },
  });
});

test('every REST id of an object has the same name on all types', async () => {
  const { query } = await startFacade({ ...all, 'GET /threads/thread_1/runs/run_1/steps/step_2': messageStep });

  const result = await query(`{
    assistant(assistantId: "asst_1") { assistantId }
    thread(threadId: "thread_1") { threadId }
    message(threadId: "thread_1", messageId: "msg_1") { messageId threadId runId assistantId }
    run(threadId: "thread_1", runId: "run_1") { runId threadId assistantId }
    runStep(threadId: "thread_1", runId: "run_1", stepId: "step_2") { stepId threadId runId assistantId }
  }`);
  const inThread = { threadId: 'thread_1', assistantId: 'asst_1' };
  expect(result.data).toEqual({
    assistant: { assistantId: assistant.id },
    thread: { threadId: thread.id },
    message: { ...inThread, messageId: message.id, runId: run.id },
    run: { ...inThread, runId: run.id },
    runStep: { ...inThread, runId: toolStep.run_id, stepId: messageStep.id },
  });
});

function encoded(text: string) {
  return Buffer.from(text).toString('base64url');
}
