import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { assistant, message, messageStep, run, toolStep } from './fixtures.ts';
import { asGraph, everythingOf } from './wholeObject.ts';

const without = (object: object, ...members: string[]) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !members.includes(name)));

test('a message of a user, which real servers send without a status, is returned in full', async () => {
  const bare = without(message, 'status', 'incomplete_details', 'completed_at', 'incomplete_at');
  const { query } = await startFacade({ 'GET /threads/thread_1/messages/msg_1': bare });

  const result = await query(`{ message(threadId: "thread_1", messageId: "msg_1") ${everythingOf('Message')} }`);
  expect(result).toEqual({ data: { message: { ...Object(asGraph('Message', bare)), status: null } } });
});

test('a run without required_action and incomplete_details, with members that the contract lacks, is returned in full', async () => {
  const odd = without({ ...run, instructions: null }, 'required_action', 'incomplete_details');
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...odd, tool_resources: {} } });

  const result = await query(`{ run(threadId: "thread_1", runId: "run_1") ${everythingOf('Run')} }`);
  expect(result).toEqual({ data: { run: asGraph('Run', odd) } });
});

test('a step without metadata, with expires_at in place of expired_at, is returned in full', async () => {
  const odd = without(messageStep, 'metadata', 'expired_at');
  const { query } = await startFacade({
    'GET /threads/thread_1/runs/run_1/steps/step_2': { ...odd, expires_at: 1_700_000_500 },
  });

  const result = await query(
    `{ runStep(threadId: "thread_1", runId: "run_1", stepId: "step_2") ${everythingOf('RunStep')} }`,
  );
  expect(result).toEqual({ data: { runStep: asGraph('RunStep', odd) } });
});

test('an object of which a server sends only the id is returned, with null, empty or UNKNOWN for the rest', async () => {
  const { query } = await startFacade({
    'GET /assistants/a1': { id: 'a1' },
    'GET /threads/t1': { id: 't1' },
    'GET /threads/t1/messages/m1': { id: 'm1' },
    'GET /threads/t1/runs/r1': { id: 'r1' },
    'GET /threads/t1/runs/r1/steps/s1': { id: 's1' },
  });

  const result = await query(`{
    assistant(assistantId: "a1") { assistantId model tools { type } }
    thread(threadId: "t1") { threadId createdAt metadata }
    message(threadId: "t1", messageId: "m1") { messageId threadId role content { type } text attachments { fileId } runId }
    run(threadId: "t1", runId: "r1") { runId threadId assistantId assistant { id } status isTerminal duration tools { type } }
    runStep(threadId: "t1", runId: "r1", stepId: "s1") { stepId threadId runId type status stepDetails { type } }
  }`);
  expect(result).toEqual({
    data: {
      assistant: { assistantId: 'a1', model: null, tools: [] },
      thread: { threadId: 't1', createdAt: null, metadata: null },
      message: {
        messageId: 'm1',
        threadId: 't1',
        role: 'UNKNOWN',
        content: [],
        text: '',
        attachments: null,
        runId: null,
      },
      run: {
        runId: 'r1',
        threadId: 't1',
        assistantId: null,
        assistant: null,
        status: 'UNKNOWN',
        isTerminal: false,
        duration: null,
        tools: [],
      },
      runStep: { stepId: 's1', threadId: 't1', runId: 'r1', type: 'UNKNOWN', status: 'UNKNOWN', stepDetails: null },
    },
  });
});

test('a tool call of an unknown type needs no id', async () => {
  const call = { type: 'browser', browser: { url: 'https://example.org' } };
  const { query } = await startFacade({
    'GET /threads/thread_1/runs/run_1/steps/step_1': {
      ...toolStep,
      step_details: { type: 'tool_calls', tool_calls: [call] },
    },
  });

  const result = await query(`{
    runStep(threadId: "thread_1", runId: "run_1", stepId: "step_1") {
      stepDetails { ... on RunStepDetailsToolCalls { toolCalls { id type ... on UnknownToolCall { raw } } } }
    }
  }`);
  expect(result).toEqual({
    data: { runStep: { stepDetails: { toolCalls: [{ id: '', type: 'browser', raw: call }] } } },
  });
});

test.each(['auto', { type: 'text' }, { type: 'json_object' }])(
  'a response format of %j has its type',
  async (format) => {
    const { query } = await startFacade({ 'GET /assistants/asst_1': { ...assistant, response_format: format } });

    const result = await query(
      `{ assistant(assistantId: "asst_1") { responseFormat ${everythingOf('ResponseFormat')} } }`,
    );
    expect(result).toEqual({ data: { assistant: { responseFormat: asGraph('ResponseFormat', format) } } });
  },
);

test.each(['none', 'auto', 'required', { type: 'file_search' }, { type: 'code_interpreter' }, 'whatever'])(
  'a tool choice of %j has its type',
  async (choice) => {
    const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, tool_choice: choice } });

    const result = await query(
      `{ run(threadId: "thread_1", runId: "run_1") { toolChoice ${everythingOf('ToolChoice')} } }`,
    );
    expect(result).toEqual({ data: { run: { toolChoice: asGraph('ToolChoice', choice) } } });
  },
);

test('an unknown status is not terminal', async () => {
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, status: 'pausing' } });

  expect(await query('{ run(threadId: "thread_1", runId: "run_1") { status isTerminal } }')).toEqual({
    data: { run: { status: 'UNKNOWN', isTerminal: false } },
  });
});

test('a value of a wrong type is null with an error at its field only', async () => {
  const { query } = await startFacade({
    'GET /assistants/asst_1': { ...assistant, created_at: 'yesterday', name: { first: 'Bea' } },
  });

  const result = await query('{ assistant(assistantId: "asst_1") { createdAt name model } }');
  expect(result).toMatchObject({
    data: { assistant: { createdAt: null, name: null, model: 'some-model' } },
    errors: [
      { path: ['assistant', 'createdAt'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } },
      { path: ['assistant', 'name'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } },
    ],
  });
});

test('a value that should be a list is an upstream error at its field only', async () => {
  const { query } = await startFacade({
    'GET /threads/thread_1/messages/msg_1': { ...message, content: 'Rye', attachments: 'none' },
  });

  const result = await query('{ message(threadId: "thread_1", messageId: "msg_1") { role attachments { fileId } } }');
  expect(result).toMatchObject({
    data: { message: { role: 'ASSISTANT', attachments: null } },
    errors: [{ path: ['message', 'attachments'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }],
  });
});
