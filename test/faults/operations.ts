import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import { assistant, file, message, run, thread, toolStep, vectorStore, vectorStoreFile } from '../graph/fixtures.ts';

/** One REST operation, and the GraphQL operation that needs it. */
export interface MatrixOperation {
  /** Such as `GET /threads/thread_1`; with ` as a stream` if the call requests events. */
  readonly line: string;
  readonly document: string;
  /** How it is sent: as JSON by default, as a form with the file `$file`, or as a subscription. */
  readonly transport?: 'form' | 'server-sent events';
  /** What an upstream that works returns. */
  readonly response: object;
}

const page = (item: object) => ({ object: 'list', data: [item], has_more: false });
export const THREAD = '/threads/thread_1';
export const RUN = `${THREAD}/runs/run_1`;
/** The parent of the lists: reading it is not part of the matrix. */
const PARENT = '/threads/thread_2';
export const STORE = '/vector_stores/vs_1';

export const parents: Readonly<Record<string, object>> = {
  [`GET ${PARENT}`]: { ...thread, id: 'thread_2' },
  [`GET ${PARENT}/runs/run_2`]: { ...run, id: 'run_2', thread_id: 'thread_2' },
  'GET /vector_stores/vs_2': { ...vectorStore, id: 'vs_2' },
};

export const inThread = 'threadId: "thread_1"';
export const ofRun = `${inThread}, runId: "run_1"`;
export const inStore = 'vectorStoreId: "vs_1"';
export const ofMessage = `${inThread}, messageId: "msg_1"`;

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
  { line: 'GET /vector_stores', document: '{ vectorStores { nodes { name } } }', response: page(vectorStore) },
  { line: `GET ${STORE}`, document: `{ vectorStore(${inStore}) { name } }`, response: vectorStore },
  {
    line: 'GET /vector_stores/vs_2/files',
    document: '{ vectorStore(vectorStoreId: "vs_2") { files { nodes { status } } } }',
    response: page(vectorStoreFile),
  },
  {
    line: `GET ${STORE}/files/file-1`,
    document: `{ node(id: "${encodeGlobalId('VectorStoreFile', 'vs_1', 'file-1')}") { ... on VectorStoreFile { status } } }`,
    response: vectorStoreFile,
  },
];
