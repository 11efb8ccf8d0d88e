import { assistant, file, message, run, thread, toolStep, vectorStore, vectorStoreFile } from '../graph/fixtures.ts';

/** One REST operation, and the GraphQL operation that needs it. */
export interface MatrixOperation {
  /** Such as `GET /threads/thread_1`. */
  readonly line: string;
  readonly document: string;
  /** What an upstream that works returns. */
  readonly response: object;
}

const page = (item: object) => ({ object: 'list', data: [item], has_more: false });
const THREAD = '/threads/thread_1';
const RUN = `${THREAD}/runs/run_1`;
/** The parent of the lists: reading it is not part of the matrix. */
const PARENT = '/threads/thread_2';
const STORE = '/vector_stores/vs_1';

export const parents: Readonly<Record<string, object>> = {
  [`GET ${PARENT}`]: { ...thread, id: 'thread_2' },
  [`GET ${PARENT}/runs/run_2`]: { ...run, id: 'run_2', thread_id: 'thread_2' },
  'GET /vector_stores/vs_2': { ...vectorStore, id: 'vs_2' },
};

const inThread = 'threadId: "thread_1"';
const ofRun = `${inThread}, runId: "run_1"`;
const inStore = 'vectorStoreId: "vs_1"';
const ofMessage = `${inThread}, messageId: "msg_1"`;

export const reads: readonly MatrixOperation[] = [
  { line: 'GET /assistants', document: '{ assistants { nodes { name } } }', response: page(assistant) },
  {
    line: 'GET /assistants/asst_1',
    document: '{ assistant(assistantId: "asst_1") { name } }',
    response: assistant,
  },
  { line: `GET ${THREAD}`, document: `{ thread(${inThread}) { createdAt } }`, response: thread },
  {
    line: `GET ${PARENT}/messages`,
    document: `{ thread(threadId: "thread_2") { messages { nodes { createdAt } } } }`,
    response: page(message),
  },
  {
    line: `GET ${THREAD}/messages/msg_1`,
    document: `{ message(${ofMessage}) { createdAt } }`,
    response: message,
  },
  {
    line: `GET ${PARENT}/runs`,
    document: `{ thread(threadId: "thread_2") { runs { nodes { status } } } }`,
    response: page(run),
  },
  { line: `GET ${RUN}`, document: `{ run(${ofRun}) { status } }`, response: run },
  {
    line: `GET ${PARENT}/runs/run_2/steps`,
    document: `{ run(threadId: "thread_2", runId: "run_2") { steps { nodes { status } } } }`,
    response: page(toolStep),
  },
  {
    line: `GET ${RUN}/steps/step_1`,
    document: `{ runStep(${ofRun}, stepId: "step_1") { status } }`,
    response: toolStep,
  },
  { line: 'GET /threads', document: '{ threads { nodes { createdAt } } }', response: page(thread) },
  { line: 'GET /files', document: '{ files { nodes { filename } } }', response: page(file) },
  { line: 'GET /files/file-1', document: '{ file(fileId: "file-1") { filename } }', response: file },
  { line: `GET ${STORE}`, document: `{ vectorStore(${inStore}) { name } }`, response: vectorStore },
  {
    line: 'GET /vector_stores/vs_2/files',
    document: '{ vectorStore(vectorStoreId: "vs_2") { files { nodes { status } } } }',
    response: page(vectorStoreFile),
  },
];

const mutation = (name: string, input: string, result: string) =>
  `mutation { ${name}(input: { ${input} }) { ${result} } }`;
const deleted = (id: string, object: string) => ({ id, object, deleted: true });

export const writes: readonly MatrixOperation[] = [
  {
    line: 'POST /assistants',
    document: mutation('createAssistant', 'model: "some-model"', 'assistant { name }'),
    response: assistant,
  },
  {
    line: 'POST /assistants/asst_1',
    document: mutation('modifyAssistant', 'assistantId: "asst_1", name: "New"', 'assistant { name }'),
    response: assistant,
  },
  {
    line: 'DELETE /assistants/asst_1',
    document: mutation('deleteAssistant', 'assistantId: "asst_1"', 'deletedAssistantId'),
    response: deleted('asst_1', 'assistant.deleted'),
  },
  { line: 'POST /threads', document: mutation('createThread', '', 'thread { createdAt }'), response: thread },
  {
    line: `POST ${THREAD}`,
    document: mutation('modifyThread', `${inThread}, metadata: { a: "b" }`, 'thread { createdAt }'),
    response: thread,
  },
  {
    line: `DELETE ${THREAD}`,
    document: mutation('deleteThread', inThread, 'deletedThreadId'),
    response: deleted('thread_1', 'thread.deleted'),
  },
  {
    line: `POST ${THREAD}/messages`,
    document: mutation('createMessage', `${inThread}, role: USER, content: [{ text: "Hi" }]`, 'message { createdAt }'),
    response: message,
  },
  {
    line: `POST ${THREAD}/messages/msg_1`,
    document: mutation('modifyMessage', `${ofMessage}, metadata: { a: "b" }`, 'message { createdAt }'),
    response: message,
  },
  {
    line: `DELETE ${THREAD}/messages/msg_1`,
    document: mutation('deleteMessage', ofMessage, 'deletedMessageId'),
    response: deleted('msg_1', 'thread.message.deleted'),
  },
  {
    line: `POST ${THREAD}/runs`,
    document: mutation('createRun', `${inThread}, assistantId: "asst_1"`, 'run { status }'),
    response: run,
  },
  {
    line: 'POST /threads/runs',
    document: mutation('createThreadAndRun', 'assistantId: "asst_1"', 'run { status }'),
    response: run,
  },
  {
    line: `POST ${RUN}`,
    document: mutation('modifyRun', `${ofRun}, metadata: { a: "b" }`, 'run { status }'),
    response: run,
  },
  { line: `POST ${RUN}/cancel`, document: mutation('cancelRun', ofRun, 'run { status }'), response: run },
  {
    line: `POST ${RUN}/submit_tool_outputs`,
    document: mutation(
      'submitToolOutputsToRun',
      `${ofRun}, toolOutputs: [{ toolCallId: "call_1", output: "rain" }]`,
      'run { status }',
    ),
    response: run,
  },
  {
    line: 'DELETE /files/file-1',
    document: mutation('deleteFile', 'fileId: "file-1"', 'deletedFileId'),
    response: deleted('file-1', 'file'),
  },
  {
    line: 'POST /vector_stores',
    document: mutation('createVectorStore', 'name: "Recipes"', 'vectorStore { name }'),
    response: vectorStore,
  },
  {
    line: `POST ${STORE}`,
    document: mutation('modifyVectorStore', `${inStore}, name: "New"`, 'vectorStore { name }'),
    response: vectorStore,
  },
  {
    line: `DELETE ${STORE}`,
    document: mutation('deleteVectorStore', inStore, 'deletedVectorStoreId'),
    response: deleted('vs_1', 'vector_store.deleted'),
  },
  {
    line: `POST ${STORE}/files`,
    document: mutation('createVectorStoreFile', `${inStore}, fileId: "file-1"`, 'vectorStoreFile { status }'),
    response: vectorStoreFile,
  },
  {
    line: `DELETE ${STORE}/files/file-1`,
    document: mutation('deleteVectorStoreFile', `${inStore}, fileId: "file-1"`, 'deletedVectorStoreFileId'),
    response: deleted('file-1', 'vector_store.file.deleted'),
  },
  {
    line: `POST ${STORE}/file_batches`,
    document: mutation(
      'createVectorStoreFileBatch',
      `${inStore}, fileIds: ["file-1"]`,
      'vectorStoreFileBatch { status }',
    ),
    response: { id: 'vsfb_1', object: 'vector_store.file_batch', vector_store_id: 'vs_1', status: 'in_progress' },
  },
];
