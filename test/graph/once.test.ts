import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { assistant, message, messageStep, pageOf, run, thread, toolStep } from './fixtures.ts';

describe('one request', () => {
  test('reads the same object once, whichever way it is reached', async () => {
    const { query, upstream } = await startFacade({
      'GET /assistants/asst_1': assistant,
      'GET /threads/thread_1/runs/run_1': run,
    });

    const { errors } = await query(`{
      a: assistant(assistantId: "asst_1") { name }
      b: assistant(assistantId: "asst_1") { model }
      c: run(threadId: "thread_1", runId: "run_1") { assistant { createdAt } }
      d: run(threadId: "thread_1", runId: "run_1") { status }
    }`);
    expect(errors).toBeUndefined();
    expect(upstream.paths().toSorted()).toEqual(['GET /assistants/asst_1', 'GET /threads/thread_1/runs/run_1']);
  });

  test('reads the same page once', async () => {
    const { query, upstream } = await startFacade({
      'GET /threads/thread_1': thread,
      'GET /threads/thread_1/runs': pageOf(run),
    });

    const { errors } = await query(`{
      a: thread(threadId: "thread_1") { createdAt runs(first: 5) { nodes { runId } } }
      b: thread(threadId: "thread_1") { runs(first: 5) { edges { node { status } } } }
    }`);
    expect(errors).toBeUndefined();
    expect(upstream.paths().toSorted()).toEqual([
      'GET /threads/thread_1',
      'GET /threads/thread_1/runs?limit=5&order=desc',
    ]);
  });

  test('does not read an object again that was in a list', async () => {
    const { query, upstream } = await startFacade({
      'GET /threads/thread_1': thread,
      'GET /threads/thread_1/messages': pageOf({ ...message, id: 'msg_2' }, { ...message, id: 'msg_1' }),
      'GET /threads/thread_1/runs/run_1': run,
      'GET /threads/thread_1/runs/run_1/steps': pageOf({ ...messageStep, ...detailsOf('msg_2') }),
    });

    const result = await query(`{
      thread(threadId: "thread_1") {
        messages { nodes { run { steps { nodes { run { status } stepDetails {
          ... on RunStepDetailsMessageCreation { messageCreation { message { text } } }
        } } } } } }
      }
    }`);
    expect(result.errors).toBeUndefined();
    expect(JSON.stringify(result.data)).toContain('"text":"Rye [1] and a file"');
    expect(upstream.paths()).not.toContain('GET /threads/thread_1/messages/msg_2');
    expect(new Set(upstream.paths()).size).toBe(upstream.calls.length);
  });

  test('shares nothing with the next request', async () => {
    const { query, upstream } = await startFacade({ 'GET /assistants/asst_1': assistant });

    await query('{ assistant(assistantId: "asst_1") { name } }');
    await query('{ assistant(assistantId: "asst_1") { name } }');
    expect(upstream.calls).toHaveLength(2);
  });
});

describe('a write', () => {
  test('is not followed by a read of the object that it returned', async () => {
    const { query, upstream } = await startFacade({
      'POST /threads/thread_1/runs': run,
      'GET /assistants/asst_1': assistant,
    });

    const result = await query(`mutation {
      createRun(input: { threadId: "thread_1", assistantId: "asst_1" }) {
        run { status assistant { name } }
        runEdge { node { status model } }
      }
    }`);
    expect(result.errors).toBeUndefined();
    expect(upstream.paths()).toEqual(['POST /threads/thread_1/runs', 'GET /assistants/asst_1']);
  });

  test('removes an item from lists that were read before it', async () => {
    let messages = [message];
    const { query } = await startFacade({
      'GET /threads/thread_1/messages': () => pageOf(...messages),
      'POST /threads/thread_1/runs/run_1': run,
      'DELETE /threads/thread_1/messages/msg_1': () => {
        messages = [];
        return { id: 'msg_1', object: 'thread.message.deleted', deleted: true };
      },
    });

    const list = 'run { thread { messages { nodes { messageId } } } }';
    const modify = (name: string) => `${name}: modifyRun(input: { threadId: "thread_1", runId: "run_1" }) { ${list} }`;
    const result = await query(`mutation {
      ${modify('before')}
      deleteMessage(input: { threadId: "thread_1", messageId: "msg_1" }) { deletedMessageId }
      ${modify('after')}
    }`);
    expect(result).toMatchObject({
      data: {
        before: { run: { thread: { messages: { nodes: [{ messageId: 'msg_1' }] } } } },
        after: { run: { thread: { messages: { nodes: [] } } } },
      },
    });
  });

  test('adds an item to lists that were read before it', async () => {
    const messages: { id: string }[] = [];
    const { query } = await startFacade({
      'GET /threads/thread_1/messages': () => pageOf(...messages),
      'POST /threads/thread_1/messages': () => {
        const added = { ...message, id: `msg_${messages.length}` };
        messages.unshift(added);
        return added;
      },
    });

    const create = `createMessage(input: { threadId: "thread_1", role: USER, content: [{ text: "Hi" }] }) {
      message { thread { messages { nodes { messageId } } } }
    }`;
    expect(await query(`mutation { a: ${create} b: ${create} }`)).toEqual({
      data: { a: withMessages('msg_0'), b: withMessages('msg_1', 'msg_0') },
    });
  });

  test('returns the current object, even if it was read before', async () => {
    const { query, upstream } = await startFacade({
      'POST /assistants/asst_1': ({ body }) => ({ ...assistant, ...Object(body) }),
      'POST /threads/thread_1/runs/run_1': run,
    });

    const result = await query(`mutation {
      a: ${rename('Ann')}
      b: ${rename('Bob')}
      modifyRun(input: { threadId: "thread_1", runId: "run_1" }) { run { assistant { name } } }
    }`);
    expect(result.data).toEqual({
      a: { assistant: { name: 'Ann' } },
      b: { assistant: { name: 'Bob' } },
      modifyRun: { run: { assistant: { name: 'Bob' } } },
    });
    expect(upstream.paths().filter((line) => line.startsWith('GET'))).toEqual([]);
  });

  test.each([
    ['cancelRun(input: { threadId: "thread_1", runId: "run_1" })', 'POST /threads/thread_1/runs/run_1/cancel'],
    [
      'submitToolOutputsToRun(input: { threadId: "thread_1", runId: "run_1", toolOutputs: [] })',
      'POST /threads/thread_1/runs/run_1/submit_tool_outputs',
    ],
    ['modifyRun(input: { threadId: "thread_1", runId: "run_1" })', 'POST /threads/thread_1/runs/run_1'],
  ])('%s shows the steps and messages that its run has afterwards', async (write, line) => {
    let written = 0;
    const { query } = await startFacade({
      [line]: () => {
        written += 1;
        return run;
      },
      'GET /threads/thread_1/runs/run_1/steps': () => pageOf({ ...toolStep, id: `step_${written}` }),
      'GET /threads/thread_1/messages': () => pageOf({ ...message, id: `msg_${written}` }),
      'GET /threads/thread_1/runs': () => pageOf({ ...run, id: `run_${written}` }),
    });

    const selection = `run {
      steps { nodes { stepId } } messages { nodes { messageId } } thread { runs { nodes { runId } } }
    }`;
    expect(await query(`mutation { a: ${write} { ${selection} } b: ${write} { ${selection} } }`)).toEqual({
      data: { a: shown(1), b: shown(2) },
    });
  });

  test('that deletes a thread also removes its objects from later reads', async () => {
    const { query } = await startFacade({
      'GET /threads/thread_1': thread,
      'POST /threads/thread_1': thread,
      'POST /threads/thread_2/runs/run_1': { ...run, thread_id: 'thread_1' },
      'DELETE /threads/thread_1': { id: 'thread_1', object: 'thread.deleted', deleted: true },
    });

    const result = await query(`mutation {
      modifyThread(input: { threadId: "thread_1" }) { thread { createdAt } }
      deleteThread(input: { threadId: "thread_1" }) { deletedThreadId }
      modifyRun(input: { threadId: "thread_2", runId: "run_1" }) { run { thread { createdAt } } }
    }`);
    expect(result).toMatchObject({ data: { modifyRun: { run: { thread: null } } } });
  });

  test('that fails is null: what came before it is done, and what follows it still runs', async () => {
    const { query, upstream } = await startFacade({
      'POST /threads/thread_1': thread,
      'POST /threads/thread_2': refusal(409, 'Somebody else is at it.'),
    });

    expect(
      await query(`mutation { a: ${change('thread_1')} b: ${change('thread_2')} c: ${change('thread_1')} }`),
    ).toMatchObject({
      data: { a: { thread: { threadId: 'thread_1' } }, b: null, c: { thread: { threadId: 'thread_1' } } },
      errors: [{ path: ['b'], extensions: { code: 'CONFLICT' } }],
    });
    expect(upstream.paths()).toEqual(['POST /threads/thread_1', 'POST /threads/thread_2', 'POST /threads/thread_1']);
  });
});

const rename = (name: string) => `modifyAssistant(input: { assistantId: "asst_1", name: "${name}" }) {
  assistant { name }
}`;

const change = (threadId: string) => `modifyThread(input: { threadId: "${threadId}" }) { thread { threadId } }`;

const withMessages = (...ids: string[]) => ({
  message: { thread: { messages: { nodes: ids.map((messageId) => ({ messageId })) } } },
});

/** What a run shows after so many writes. */
const shown = (count: number) => ({
  run: {
    steps: { nodes: [{ stepId: `step_${count}` }] },
    messages: { nodes: [{ messageId: `msg_${count}` }] },
    thread: { runs: { nodes: [{ runId: `run_${count}` }] } },
  },
});

const detailsOf = (messageId: string) => ({
  step_details: { type: 'message_creation', message_creation: { message_id: messageId } },
});
