import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { message, messageStep, pageOf, resources, run } from './fixtures.ts';

const objects: Record<string, object> = {
  'GET /threads/thread_1/messages/msg_1': message,
  'GET /threads/thread_1/runs/run_1': run,
  'GET /threads/thread_1/runs/run_1/steps/step_2': messageStep,
};

const ownPath: Record<string, string> = { Message: 'messages/msg_1', Run: 'runs/run_1', RunStep: 'steps/step_2' };

/** What the edges lead to. */
const targets = Object.fromEntries(resources.map(({ path, object }) => [`GET ${path}`, object]));

const stepLookUp = 'runStep(threadId: "thread_1", runId: "run_1", stepId: "step_2")';
const lookUpOf = (type: string) =>
  type === 'RunStep' ? stepLookUp : (resources.find((resource) => resource.type === type)?.lookUp ?? '');

/** Every edge from one object to another: its start, its field and its target. */
const edges: { from: string; field: string; ids: string; more: string; path: string; gone: string }[] = [
  ...['Message', 'Run', 'RunStep'].map((from) => ({ from, ...to('thread', '{ id threadId }', '/threads/thread_1') })),
  ...['Message', 'Run', 'RunStep'].map((from) => ({
    from,
    ...to('assistant', '{ id assistantId }', '/assistants/asst_1'),
  })),
  ...['Message', 'RunStep'].map((from) => ({
    from,
    ...to('run', '{ id runId threadId thread { id threadId } }', '/threads/thread_1/runs/run_1'),
  })),
  {
    from: 'RunStep',
    ...to('message', '{ id messageId threadId }', '/threads/thread_1/messages/msg_1'),
    ids: 'stepDetails { ... on RunStepDetailsMessageCreation { messageCreation { message { id messageId threadId } } } }',
    more: 'stepDetails { ... on RunStepDetailsMessageCreation { messageCreation { message { createdAt } } } }',
    gone: '{"stepDetails":{"messageCreation":{"message":null}}}',
  },
];

function to(field: string, ids: string, path: string) {
  return { field, ids: `${field} ${ids}`, more: `${field} { createdAt }`, path, gone: `{"${field}":null}` };
}

describe.each(edges)('an edge from $from to its $field', ({ from, ids, more, path, gone }) => {
  const own = Object.keys(objects).find((line) => line.endsWith(ownPath[from] ?? ''));

  test('costs no REST call if only ids are selected', async () => {
    const { query, upstream } = await startFacade(objects);

    const result = await query(`{ it: ${lookUpOf(from)} { ${ids} } }`);
    expect(result.errors).toBeUndefined();
    expect(JSON.stringify(result.data)).not.toContain('null');
    expect(upstream.paths()).toEqual([own]);
  });

  test('costs one REST call if more than ids is selected', async () => {
    const { query, upstream } = await startFacade({ ...objects, ...targets });

    const result = await query(`{ it: ${lookUpOf(from)} { ${more} } }`);
    expect(result.errors).toBeUndefined();
    expect(JSON.stringify(result.data)).not.toContain('null');
    expect(upstream.paths().toSorted()).toEqual([own ?? '', `GET ${path}`].toSorted());
  });

  test('is null without an error if its object has been deleted', async () => {
    const { query } = await startFacade({ ...objects, [`GET ${path}`]: refusal(404, 'It is gone.') });

    expect(await query(`{ it: ${lookUpOf(from)} { ${more} } }`)).toEqual({ data: { it: JSON.parse(gone) } });
  });

  test('is null with an error if its object cannot be read', async () => {
    const { query } = await startFacade({ ...objects, [`GET ${path}`]: refusal(500, 'The cellar is flooded.') });

    expect(await query(`{ it: ${lookUpOf(from)} { ${more} } }`)).toMatchObject({
      data: { it: JSON.parse(gone) },
      errors: [{ message: 'The cellar is flooded.', extensions: { code: 'UPSTREAM_ERROR' } }],
    });
  });
});

describe('an edge with only a list selected', () => {
  test('reads the list and not the object', async () => {
    const { query, upstream } = await startFacade({
      ...objects,
      'GET /threads/thread_1/messages': pageOf(message),
    });

    const result = await query(`{ ${lookUpOf('Run')} { thread { threadId messages { nodes { messageId } } } } }`);
    expect(result).toEqual({
      data: { run: { thread: { threadId: 'thread_1', messages: { nodes: [{ messageId: 'msg_1' }] } } } },
    });
    expect(upstream.paths().toSorted()).toEqual([
      'GET /threads/thread_1/messages?limit=20&order=desc',
      'GET /threads/thread_1/runs/run_1',
    ]);
  });

  test('is null without an error if the list shows that the object was deleted', async () => {
    const { query } = await startFacade({
      ...objects,
      'GET /threads/thread_1/messages': refusal(404, 'It is gone.'),
      'GET /threads/thread_1/runs': refusal(404, 'It is gone.'),
    });

    const result = await query(`{
      ${lookUpOf('Run')} { runId thread { threadId messages { nodes { messageId } } runs { nodes { runId } } } }
    }`);
    expect(result).toEqual({ data: { run: { runId: 'run_1', thread: null } } });
  });

  test('is null without an error also behind another edge', async () => {
    const { query } = await startFacade({
      ...objects,
      'GET /threads/thread_1/runs/run_1': refusal(404, 'It is gone.'),
      'GET /threads/thread_1/runs/run_1/steps': refusal(404, 'It is gone.'),
      'GET /threads/thread_1/messages': refusal(404, 'It is gone.'),
    });

    const result = await query(`{
      ${lookUpOf('Message')} { messageId run { runId steps { nodes { stepId } } messages { nodes { messageId } } } }
    }`);
    expect(result).toEqual({ data: { message: { messageId: 'msg_1', run: null } } });
  });
});

test('an object without a run and an assistant has null edges, which cost no REST call', async () => {
  const { query, upstream } = await startFacade({
    ...objects,
    'GET /threads/thread_1/messages/msg_1': { ...message, run_id: null, assistant_id: null },
  });

  expect(
    await query(`{ ${lookUpOf('Message')} { runId assistantId run { id status } assistant { id name } } }`),
  ).toEqual({ data: { message: { runId: null, assistantId: null, run: null, assistant: null } } });
  expect(upstream.calls).toHaveLength(1);
});
