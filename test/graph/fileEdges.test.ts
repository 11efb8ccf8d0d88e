import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { assistant, file, message, thread, toolStep, vectorStore, vectorStoreFile } from './fixtures.ts';

const objects: Record<string, object> = {
  'GET /assistants/asst_1': assistant,
  'GET /threads/thread_1': thread,
  'GET /threads/thread_1/messages/msg_1': message,
  'GET /threads/thread_1/runs/run_1/steps/step_1': toolStep,
  'GET /vector_stores/vs_1/files/file-1': vectorStoreFile,
};

const messageWith = (selection: string) => `message(threadId: "thread_1", messageId: "msg_1") { ${selection} }`;
const annotationWith = (selection: string) =>
  messageWith(`content { ... on MessageContentText { text { annotations { ${selection} } } } }`);
const stepWith = (selection: string) =>
  `runStep(threadId: "thread_1", runId: "run_1", stepId: "step_1") {
    stepDetails { ... on RunStepDetailsToolCalls { toolCalls { ${selection} } } }
  }`;
const storeFile = (selection: string) =>
  `_entities(representations: [{ __typename: "VectorStoreFile", vectorStoreId: "vs_1", fileId: "file-1" }]) {
    ... on VectorStoreFile { status ${selection} }
  }`;

/** Every edge to a file or a vector store: what it is called, the query for what is selected behind it, and the ids there. */
const edges: [name: string, query: (selection: string) => string, ids: string[]][] = [
  [
    'FileCitation.file',
    (of) => annotationWith(`... on FileCitationAnnotation { fileCitation { file ${of} } }`),
    ['file_3'],
  ],
  ['FilePath.file', (of) => annotationWith(`... on FilePathAnnotation { filePath { file ${of} } }`), ['file_4']],
  [
    'ImageFile.file',
    (of) => messageWith(`content { ... on MessageContentImageFile { imageFile { file ${of} } } }`),
    ['file_5'],
  ],
  ['Attachment.file', (of) => messageWith(`attachments { file ${of} }`), ['file_6']],
  [
    'CodeInterpreterImage.file',
    (of) =>
      stepWith(`... on CodeInterpreterToolCall { codeInterpreter { outputs {
        ... on CodeInterpreterImageOutput { image { file ${of} } }
      } } }`),
    ['file_7'],
  ],
  [
    'FileSearchResult.file',
    (of) => stepWith(`... on FileSearchToolCall { fileSearch { results { file ${of} } } }`),
    ['file_8'],
  ],
  [
    'CodeInterpreterResources.files of an assistant',
    (of) => `assistant(assistantId: "asst_1") { toolResources { codeInterpreter { files ${of} } } }`,
    ['file_1', 'file_2'],
  ],
  [
    'FileSearchResources.vectorStores of a thread',
    (of) => `thread(threadId: "thread_1") { toolResources { fileSearch { vectorStores ${of} } } }`,
    ['vs_1'],
  ],
  ['VectorStoreFile.file', (of) => storeFile(`file ${of}`), ['file-1']],
  ['VectorStoreFile.vectorStore', (of) => storeFile(`vectorStore ${of}`), ['vs_1']],
];

describe.each(edges)('%s', (name, query, ids) => {
  const isStore = /vectorStores?\b/.test(name);
  const idField = isStore ? 'vectorStoreId' : 'fileId';
  const lines = ids.map((id) => `GET ${isStore ? '/vector_stores' : '/files'}/${id}`);
  const start = async (answer: (id: string) => unknown, options = {}) => {
    const routes = Object.fromEntries(ids.map((id, n) => [lines[n], answer(id)]));
    const facade = await startFacade({ ...objects, ...routes }, options);
    const ask = async (selection: string) => facade.query(`{ it: ${query(selection)} }`);
    const called = () => facade.upstream.paths().filter((line) => lines.includes(line));
    return { ask, called, upstream: facade.upstream };
  };
  const read = (id: string) => (isStore ? { ...vectorStore, id } : { ...file, id });

  test('costs no REST call if only ids are selected', async () => {
    const { ask, called, upstream } = await start(() => refusal(500, 'Not needed.'));

    const result = await ask(`{ id ${idField} }`);
    expect(result.errors).toBeUndefined();
    for (const id of ids) expect(JSON.stringify(result.data)).toContain(`"${idField}":"${id}"`);
    expect(called()).toEqual([]);
    expect(upstream.calls).toHaveLength(1);
  });

  test('costs one REST call for each object if more than ids is selected', async () => {
    const { ask, called, upstream } = await start(read);

    const result = await ask('{ createdAt }');
    expect(result.errors).toBeUndefined();
    expect(JSON.stringify(result.data)).toContain(new Date(read('').created_at * 1000).toISOString());
    expect(called().toSorted()).toEqual(lines);
    expect(upstream.calls).toHaveLength(1 + ids.length);
  });

  test('has the same result without batching', async () => {
    const [batched, plain] = [await start(read), await start(read, { plain: true })];

    expect(await plain.ask('{ createdAt }')).toEqual(await batched.ask('{ createdAt }'));
  });

  test('is null without an error if the object has been deleted', async () => {
    const { ask } = await start(() => refusal(404, 'No such object: it is gone.'));

    const result = await ask('{ createdAt }');
    expect(result.errors).toBeUndefined();
    expect(JSON.stringify(result.data)).toContain('null');
  });

  test('is null with an error if the object cannot be read', async () => {
    const { ask } = await start(() => refusal(500, 'The cellar is flooded.'));

    const { errors } = await ask('{ createdAt }');
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(ids.map(() => 'UPSTREAM_ERROR'));
  });
});

test('edges of an object without ids of files are null or empty, and cost no REST call', async () => {
  const { query, upstream } = await startFacade({
    'GET /threads/thread_1/messages/msg_1': { ...message, attachments: [{ file_id: null }] },
    'GET /threads/thread_1': { ...thread, tool_resources: { code_interpreter: {}, file_search: {} } },
  });

  const result = await query(`{
    ${messageWith('attachments { fileId file { filename } }')}
    thread(threadId: "thread_1") {
      toolResources { codeInterpreter { files { filename } } fileSearch { vectorStores { name } } }
    }
  }`);
  expect(result).toEqual({
    data: {
      message: { attachments: [{ fileId: null, file: null }] },
      thread: { toolResources: { codeInterpreter: { files: [] }, fileSearch: { vectorStores: [] } } },
    },
  });
  expect(upstream.calls).toHaveLength(2);
});

test('the file that all citations of a message name is read once', async () => {
  const citation = message.content[0];
  const { query, upstream } = await startFacade({
    'GET /threads/thread_1/messages/msg_1': { ...message, content: [citation, citation, citation, citation, citation] },
    'GET /files/file_3': { ...file, id: 'file_3' },
  });

  const result = await query(
    `{ ${annotationWith('... on FileCitationAnnotation { fileCitation { file { filename } } }')} }`,
  );
  expect(JSON.stringify(result.data).match(/rye\.md/g)).toHaveLength(5);
  expect(upstream.paths()).toEqual(['GET /threads/thread_1/messages/msg_1', 'GET /files/file_3']);
});

test('twenty files of an assistant are read with one page of the list, as far as it holds them', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `file-${n}`);
  const { query, upstream } = await startFacade({
    'GET /assistants/asst_1': { ...assistant, tool_resources: { code_interpreter: { file_ids: ids } } },
    'GET /files': { data: ids.slice(0, 19).map((id) => ({ ...file, id })), has_more: true },
    'GET /files/file-19': { ...file, id: 'file-19' },
  });

  const result = await query(
    '{ assistant(assistantId: "asst_1") { toolResources { codeInterpreter { files { fileId bytes } } } } }',
  );
  expect(result).toEqual({
    data: {
      assistant: {
        toolResources: { codeInterpreter: { files: ids.map((fileId) => ({ fileId, bytes: file.bytes })) } },
      },
    },
  });
  expect(upstream.paths()).toEqual(['GET /assistants/asst_1', 'GET /files?limit=100&order=desc', 'GET /files/file-19']);
});
