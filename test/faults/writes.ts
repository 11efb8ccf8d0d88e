import { DONE, frame, streamOf } from '../live/eventStream.ts';
import { assistant, file, message, run, thread, vectorStore, vectorStoreFile } from '../graph/fixtures.ts';
import { createFile } from '../graph/uploading.ts';
import { inStore, inThread, type MatrixOperation, ofMessage, ofRun, RUN, STORE, THREAD } from './operations.ts';

const mutation = (name: string, input: string, result: string) =>
  `mutation { ${name}(input: { ${input} }) { ${result} } }`;
const deleted = (id: string, object: string) => ({ id, object, deleted: true });

const streamedRun = streamOf(frame('thread.run.completed', { ...run, status: 'completed' }), DONE);
const subscription = (name: string, input: string) => `subscription { ${name}(input: { ${input} }) { event } }`;

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
    line: `POST ${THREAD}/runs as a stream`,
    document: subscription('createRunStream', `${inThread}, assistantId: "asst_1"`),
    transport: 'server-sent events',
    response: streamedRun,
  },
  {
    line: 'POST /threads/runs as a stream',
    document: subscription('createThreadAndRunStream', 'assistantId: "asst_1"'),
    transport: 'server-sent events',
    response: streamedRun,
  },
  {
    line: `POST ${RUN}/submit_tool_outputs as a stream`,
    document: subscription(
      'submitToolOutputsToRunStream',
      `${ofRun}, toolOutputs: [{ toolCallId: "call_1", output: "rain" }]`,
    ),
    transport: 'server-sent events',
    response: streamedRun,
  },
  { line: 'POST /files', document: createFile('filename'), transport: 'form', response: file },
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
