import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { assistant, message, pageOf, run, thread, toolStep } from './fixtures.ts';

const routes = {
  'GET /assistants': pageOf(assistant),
  'GET /threads/thread_1': thread,
  'GET /threads/thread_1/messages': pageOf(message),
  'GET /threads/thread_1/messages/msg_1': message,
  'GET /threads/thread_1/runs': pageOf(run),
  'GET /threads/thread_1/runs/run_1': run,
  'GET /threads/thread_1/runs/run_1/steps': pageOf(toolStep),
  'POST /threads': thread,
};

const failing = refusal(500, 'The list is gone.');

describe('a connection that cannot be read is null with one error, and its neighbours are as read:', () => {
  test.each([
    {
      at: 'Query.assistants',
      route: 'GET /assistants',
      document: '{ assistants { nodes { name } } thread(threadId: "thread_1") { threadId } }',
      data: { assistants: null, thread: { threadId: 'thread_1' } },
    },
    {
      at: 'Thread.runs next to Thread.messages',
      route: 'GET /threads/thread_1/runs',
      document: '{ thread(threadId: "thread_1") { messages { nodes { messageId } } runs { nodes { status } } } }',
      data: { thread: { messages: { nodes: [{ messageId: 'msg_1' }] }, runs: null } },
    },
    {
      at: 'Thread.messages next to Thread.runs',
      route: 'GET /threads/thread_1/messages',
      document: '{ thread(threadId: "thread_1") { messages { nodes { text } } runs { nodes { runId } } } }',
      data: { thread: { messages: null, runs: { nodes: [{ runId: 'run_1' }] } } },
    },
    {
      at: 'Run.steps next to Run.messages',
      route: 'GET /threads/thread_1/runs/run_1/steps',
      document:
        '{ run(threadId: "thread_1", runId: "run_1") { messages { nodes { messageId } } steps { nodes { stepId } } } }',
      data: { run: { messages: { nodes: [{ messageId: 'msg_1' }] }, steps: null } },
    },
    {
      at: 'Run.messages next to Run.steps and the status of the run',
      route: 'GET /threads/thread_1/messages',
      document:
        '{ run(threadId: "thread_1", runId: "run_1") { status messages { nodes { text } } steps { nodes { stepId } } } }',
      data: { run: { status: 'REQUIRES_ACTION', messages: null, steps: { nodes: [{ stepId: 'step_1' }] } } },
    },
  ])('$at', async ({ route, document, data }) => {
    const { query } = await startFacade({ ...routes, [route]: failing });
    const path = pathOfNull(data);

    expect(await query(document)).toEqual({
      data,
      errors: [
        expect.objectContaining({
          message: 'The list is gone.',
          path,
          extensions: expect.objectContaining({ code: 'UPSTREAM_ERROR' }),
        }),
      ],
    });
  });

  test('the steps of one run of several', async () => {
    const { query } = await startFacade({
      ...routes,
      'GET /threads/thread_1/runs': pageOf(run, { ...run, id: 'run_2' }),
      'GET /threads/thread_1/runs/run_2/steps': failing,
    });

    const { data, errors } = await query(
      '{ thread(threadId: "thread_1") { runs { nodes { runId steps { nodes { stepId } } } } } }',
    );
    const nodes = [
      { runId: 'run_1', steps: { nodes: [{ stepId: 'step_1' }] } },
      { runId: 'run_2', steps: null },
    ];
    expect(data).toEqual({ thread: { runs: { nodes } } });
    expect(errors?.map(({ path }) => path)).toEqual([['thread', 'runs', 'nodes', 1, 'steps']]);
  });

  test('the list of one entity of several that a router asks for', async () => {
    const { query } = await startFacade({
      ...routes,
      'GET /threads/thread_2': { ...thread, id: 'thread_2' },
      'GET /threads/thread_2/runs': failing,
    });

    const { data, errors } = await query(
      'query ($it: [_Any!]!) { _entities(representations: $it) { ... on Thread { runs { nodes { runId } } } } }',
      { it: ['thread_1', 'thread_2'].map((threadId) => ({ __typename: 'Thread', threadId })) },
    );
    expect(data).toEqual({ _entities: [{ runs: { nodes: [{ runId: 'run_1' }] } }, { runs: null }] });
    expect(errors).toHaveLength(1);
  });
});

const ofThread = 'threadId: "thread_x"';
const ofMessage = `${ofThread}, messageId: "msg_x"`;
const ofRun = `${ofThread}, runId: "run_x"`;
const hello = 'role: USER, content: [{ text: "Hi" }]';

describe('one mutation of several that is rejected is null with one error, and the others keep their results:', () => {
  test.each([
    ['createAssistant', 'model: "m"', 'POST /assistants'],
    ['modifyAssistant', 'assistantId: "asst_x"', 'POST /assistants/asst_x'],
    ['deleteAssistant', 'assistantId: "asst_x"', 'DELETE /assistants/asst_x'],
    ['createThread', 'metadata: { a: "b" }', 'POST /threads'],
    ['modifyThread', ofThread, 'POST /threads/thread_x'],
    ['deleteThread', ofThread, 'DELETE /threads/thread_x'],
    ['createMessage', `${ofThread}, ${hello}`, 'POST /threads/thread_x/messages'],
    ['modifyMessage', ofMessage, 'POST /threads/thread_x/messages/msg_x'],
    ['deleteMessage', ofMessage, 'DELETE /threads/thread_x/messages/msg_x'],
    ['createRun', `${ofThread}, assistantId: "asst_1"`, 'POST /threads/thread_x/runs'],
    ['modifyRun', ofRun, 'POST /threads/thread_x/runs/run_x'],
    ['cancelRun', ofRun, 'POST /threads/thread_x/runs/run_x/cancel'],
    ['submitToolOutputsToRun', `${ofRun}, toolOutputs: []`, 'POST /threads/thread_x/runs/run_x/submit_tool_outputs'],
    ['createThreadAndRun', 'assistantId: "asst_1"', 'POST /threads/runs'],
  ])('%s', async (name, input, route) => {
    let threads = 0;
    const { query, upstream } = await startFacade({
      ...routes,
      [route]: refusal(400, 'Not this one.'),
      // createThread itself is rejected between two that succeed.
      'POST /threads': () => {
        threads += 1;
        return route === 'POST /threads' && threads === 2 ? refusal(400, 'Not this one.') : thread;
      },
    });

    const result = await query(`mutation {
      before: createThread(input: {}) { thread { threadId } }
      rejected: ${name}(input: { ${input} }) { clientMutationId }
      after: createThread(input: {}) { thread { threadId } }
    }`);
    const created = { thread: { threadId: 'thread_1' } };
    expect(result).toMatchObject({
      data: { before: created, rejected: null, after: created },
      errors: [{ message: 'Not this one.', path: ['rejected'], extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(result.errors).toHaveLength(1);
    expect(upstream.paths()).toEqual(['POST /threads', route, 'POST /threads']);
  });
});

/** Where an object holds null. */
function pathOfNull(value: object): string[] {
  const [path = []] = Object.entries(value).flatMap(([name, member]): string[][] => {
    if (member === null) return [[name]];
    const inside = typeof member === 'object' ? pathOfNull(Object(member)) : [];
    return inside.length === 0 ? [] : [[name, ...inside]];
  });
  return path;
}
