import { expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { assistant, file, message, pageOf, run, thread, vectorStore, vectorStoreFile } from './fixtures.ts';

const routes = {
  'POST /assistants': assistant,
  'GET /assistants': pageOf(assistant),
  'DELETE /assistants/asst_1': { id: 'asst_1', object: 'assistant.deleted', deleted: true },
  'GET /assistants/asst_1': assistant,
  'POST /threads': thread,
  'GET /threads/thread_1': thread,
  'DELETE /threads/thread_1': { id: 'thread_1', object: 'thread.deleted', deleted: true },
  'POST /threads/thread_1/messages': message,
  'GET /threads/thread_1/messages': pageOf(message),
  'GET /threads/thread_1/messages/msg_1': message,
  'DELETE /threads/thread_1/messages/msg_1': { id: 'msg_1', object: 'thread.message.deleted', deleted: true },
  'POST /threads/thread_1/runs': run,
  'POST /threads/runs': run,
  'GET /threads/thread_1/runs': pageOf(run),
  'GET /files/file-1': file,
  'DELETE /files/file-1': { id: 'file-1', object: 'file', deleted: true },
  'POST /vector_stores': vectorStore,
  'GET /vector_stores': pageOf(vectorStore),
  'GET /vector_stores/vs_1': vectorStore,
  'DELETE /vector_stores/vs_1': { id: 'vs_1', object: 'vector_store.deleted', deleted: true },
  'POST /vector_stores/vs_1/files': vectorStoreFile,
  'GET /vector_stores/vs_1/files': pageOf(vectorStoreFile),
  'GET /vector_stores/vs_1/files/file-1': vectorStoreFile,
  'DELETE /vector_stores/vs_1/files/file-1': { id: 'file-1', object: 'vector_store.file.deleted', deleted: true },
};

const edge = '{ cursor node { id } }';
const ofThread = (list: string) => `{ thread(threadId: "thread_1") { ${list} { edges ${edge} } } }`;

test.each([
  [`createAssistant(input: { model: "m" }) { assistantEdge ${edge} }`, `{ assistants { edges ${edge} } }`],
  [
    `createMessage(input: { threadId: "thread_1", role: USER, content: [{ text: "Hi" }] }) { messageEdge ${edge} }`,
    ofThread('messages'),
  ],
  [`createRun(input: { threadId: "thread_1", assistantId: "asst_1" }) { runEdge ${edge} }`, ofThread('runs')],
  [`createThreadAndRun(input: { assistantId: "asst_1" }) { runEdge ${edge} }`, ofThread('runs')],
  [`createVectorStore(input: {}) { vectorStoreEdge ${edge} }`, `{ vectorStores { edges ${edge} } }`],
  [
    `createVectorStoreFile(input: { vectorStoreId: "vs_1", fileId: "file-1" }) { vectorStoreFileEdge ${edge} }`,
    `{ vectorStore(vectorStoreId: "vs_1") { files { edges ${edge} } } }`,
  ],
])('the edge in the payload of %s is the one that the list has', async (write, list) => {
  const { query } = await startFacade(routes);
  const written = JSON.stringify((await query(`mutation { ${write} }`)).data);
  const listed = JSON.stringify((await query(list)).data);

  const [, writtenEdge] = written.match(/Edge":({.*?}})/) ?? [];
  expect(writtenEdge).toContain('"cursor":');
  expect(listed).toContain(`"edges":[${writtenEdge}]`);
});

test.each([
  ['Assistant', 'assistant(assistantId: "asst_1")', 'assistantId: "asst_1"'],
  ['Thread', 'thread(threadId: "thread_1")', 'threadId: "thread_1"'],
  ['Message', 'message(threadId: "thread_1", messageId: "msg_1")', 'threadId: "thread_1", messageId: "msg_1"'],
  ['File', 'file(fileId: "file-1")', 'fileId: "file-1"'],
  ['VectorStore', 'vectorStore(vectorStoreId: "vs_1")', 'vectorStoreId: "vs_1"'],
  [
    'VectorStoreFile',
    `node(id: "${encodeGlobalId('VectorStoreFile', 'vs_1', 'file-1')}")`,
    'vectorStoreId: "vs_1", fileId: "file-1"',
  ],
])('deleting a %s returns its global id', async (type, lookUp, ids) => {
  const { query } = await startFacade(routes);
  const { data } = await query<{ it: { id: string } }>(`{ it: ${lookUp} { id } }`);

  const deleted = `mutation { it: delete${type}(input: { ${ids} }) { id: deleted${type}Id } }`;
  expect(await query(deleted)).toEqual({ data: { it: { id: data?.it.id } } });
});

test('deleting an object a second time is an error', async () => {
  const { query } = await startFacade({
    'DELETE /threads/thread_1': refusal(404, "No thread found with id 'thread_1'."),
  });

  expect(await query('mutation { deleteThread(input: { threadId: "thread_1" }) { deletedThreadId } }')).toMatchObject({
    data: { deleteThread: null },
    errors: [{ message: "No thread found with id 'thread_1'.", extensions: { code: 'NOT_FOUND' } }],
  });
});

const createBoth = (selection: string) =>
  `mutation { createThreadAndRun(input: { assistantId: "asst_1" }) { thread { ${selection} } run { threadId } } }`;

test('the thread of createThreadAndRun costs no REST call if only its ids are selected', async () => {
  const { query, upstream } = await startFacade(routes);

  expect(await query(createBoth('threadId'))).toEqual({
    data: { createThreadAndRun: { thread: { threadId: 'thread_1' }, run: { threadId: 'thread_1' } } },
  });
  expect(upstream.paths()).toEqual(['POST /threads/runs']);
  expect((await query(createBoth('createdAt'))).errors).toBeUndefined();
  expect(upstream.paths()).toEqual(['POST /threads/runs', 'POST /threads/runs', 'GET /threads/thread_1']);
});

test.each([
  [{ started_at: 100, completed_at: 130 }, 30],
  [{ started_at: 100, failed_at: 101 }, 1],
  [{ started_at: 100, cancelled_at: 100 }, 0],
  [{ started_at: null, cancelled_at: 100 }, null],
  [{ started_at: 100 }, null],
])('a run of %j took %j seconds', async (times, duration) => {
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, ...none, ...times } });

  expect(await query('{ run(threadId: "thread_1", runId: "run_1") { duration } }')).toEqual({
    data: { run: { duration } },
  });
});

test.each([
  ['queued', false],
  ['in_progress', false],
  ['requires_action', false],
  ['cancelling', false],
  ['cancelled', true],
  ['failed', true],
  ['completed', true],
  ['incomplete', true],
  ['expired', true],
])('a run that is %s: isTerminal is %j', async (status, isTerminal) => {
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, status } });

  expect(await query('{ run(threadId: "thread_1", runId: "run_1") { status isTerminal } }')).toEqual({
    data: { run: { status: status.toUpperCase(), isTerminal } },
  });
});

test('the text of a message is its text parts, joined by line breaks', async () => {
  const content = [
    { type: 'text', text: { value: 'Rye', annotations: [] } },
    { type: 'image_file', image_file: { file_id: 'file_1' } },
    { type: 'text', text: { value: '', annotations: [] } },
    { type: 'text', text: { value: 'and wheat', annotations: [] } },
  ];
  const { query } = await startFacade({ 'GET /threads/thread_1/messages/msg_1': { ...message, content } });

  expect(await query('{ message(threadId: "thread_1", messageId: "msg_1") { text } }')).toEqual({
    data: { message: { text: 'Rye\n\nand wheat' } },
  });
});

test.each([
  ['{"minutes": 40, "crust": ["thin"]}', { minutes: 40, crust: ['thin'] }],
  ['[1]', [1]],
  ['null', null],
  ['', null],
  ['{"minutes": ', null],
])('the arguments %j are parsed as %j, without an error', async (text, parsedArguments) => {
  const call = { id: 'call_1', type: 'function', function: { name: 'bake', arguments: text } };
  const required_action = { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: [call] } };
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, required_action } });

  const result = await query(`{ run(threadId: "thread_1", runId: "run_1") {
    requiredAction { submitToolOutputs { toolCalls { parsedArguments function { arguments } } } }
  } }`);
  expect(result.data).toEqual({
    run: { requiredAction: { submitToolOutputs: { toolCalls: [{ parsedArguments, function: { arguments: text } }] } } },
  });
});

const none = { started_at: null, completed_at: null, failed_at: null, cancelled_at: null };
