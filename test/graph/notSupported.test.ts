import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal, reply } from '../support/upstream.ts';
import { assistant, file, message } from './fixtures.ts';
import { createFile, upload } from './uploading.ts';

/** How servers respond to a path that they do not know. */
const unknownPaths: [server: string, respond: (line: string) => unknown][] = [
  ['the hosted API', (line) => refusal(404, `Invalid URL (${line})`)],
  ['a server built with FastAPI', () => reply({ status: 404, json: { detail: 'Not Found' } })],
  ['Azure', () => reply({ status: 404, json: { error: { code: '404', message: 'Resource not found' } } })],
  ['a server built with Express', (line) => reply({ status: 404, body: `<pre>Cannot ${line}</pre>` })],
  ['a server built with Go', () => reply({ status: 404, body: '404 page not found\n' })],
  ['a server that knows the path for other methods only', () => refusal(405, 'Method Not Allowed')],
  ['a server that has not implemented it', () => refusal(501, 'Not implemented.')],
];

const documents: [what: string, document: string][] = [
  ['a file', '{ it: file(fileId: "file-1") { filename } }'],
  ['the files', '{ it: files { nodes { filename } } }'],
  ['a vector store', '{ it: vectorStore(vectorStoreId: "vs_1") { name } }'],
  ['the files of a vector store', '{ it: vectorStore(vectorStoreId: "vs_1") { files { nodes { status } } } }'],
  ['a new vector store', 'mutation { it: createVectorStore(input: {}) { clientMutationId } }'],
  ['the deletion of a file', 'mutation { it: deleteFile(input: { fileId: "file-1" }) { deletedFileId } }'],
];

describe.each(unknownPaths)('over %s', (_, respond) => {
  test.each(documents)('%s is the error NOT_SUPPORTED', async (_what, document) => {
    const { query } = await startFacade(({ method, path }) => respond(`${method} ${path}`));

    const { errors } = await query(document);
    expect(errors).toMatchObject([
      { message: expect.stringContaining('this upstream does not support'), extensions: { code: 'NOT_SUPPORTED' } },
    ]);
  });

  test('an upload is the error NOT_SUPPORTED', async () => {
    const { url } = await startFacade(({ method, path }) => respond(`${method} ${path}`));

    expect(await upload(url, { query: createFile('fileId'), files: { 'a.txt': 'a' } })).toMatchObject({
      data: { createFile: null },
      errors: [{ path: ['createFile'], extensions: { code: 'NOT_SUPPORTED' } }],
    });
  });

  test('an edge to a file is an error at its path, and what surrounds it is returned', async () => {
    const { query } = await startFacade(({ method, path }) =>
      path === '/threads/thread_1/messages/msg_1' ? message : respond(`${method} ${path}`),
    );

    expect(
      await query('{ message(threadId: "thread_1", messageId: "msg_1") { messageId attachments { file { bytes } } } }'),
    ).toMatchObject({
      data: { message: { messageId: 'msg_1', attachments: [{ file: null }] } },
      errors: [{ path: ['message', 'attachments', 0, 'file'], extensions: { code: 'NOT_SUPPORTED' } }],
    });
  });
});

test.each([
  'No such File object: file-1',
  "No file found with id 'file-1'.",
  'File file-1 not found',
  'The requested file does not exist.',
])('a 404 with the message "%s" is a missing file, not a missing operation', async (text) => {
  const { query } = await startFacade({ 'GET /files/file-1': refusal(404, text) });

  expect(await query('{ file(fileId: "file-1") { bytes } }')).toEqual({ data: { file: null } });
});

test('a vector store with files that do not exist is NOT_FOUND, although its path names no object', async () => {
  const { query } = await startFacade({ 'POST /vector_stores': refusal(404, "No file found with id 'file-9'.") });

  expect(
    await query('mutation { createVectorStore(input: { fileIds: ["file-9"] }) { clientMutationId } }'),
  ).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});

test('a list after a file that has been deleted is NOT_FOUND, although its path names no object', async () => {
  const { query } = await startFacade({
    'GET /files': ({ query: { after } }) =>
      after === undefined ? { data: [file], has_more: true } : refusal(404, "No file found with id 'file-1'."),
  });

  const { data } = await query<{ files: { pageInfo: { endCursor: string } } }>(
    '{ files(first: 1) { pageInfo { endCursor } } }',
  );
  expect(
    await query('query ($after: String) { files(after: $after) { nodes { fileId } } }', {
      after: data?.files.pageInfo.endCursor,
    }),
  ).toMatchObject({ data: { files: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] });
});

test('files are read one by one over a server that has no list of them', async () => {
  const ids = ['file-1', 'file-2', 'file-3', 'file-4', 'file-5'];
  const { query } = await startFacade({
    'GET /assistants/asst_1': { ...assistant, tool_resources: { code_interpreter: { file_ids: ids } } },
    'GET /files': refusal(404, 'Invalid URL (GET /v1/files)'),
    ...Object.fromEntries(ids.map((id) => [`GET /files/${id}`, { ...file, id }])),
  });

  const { data, errors } = await query(
    '{ assistant(assistantId: "asst_1") { toolResources { codeInterpreter { files { fileId bytes } } } } }',
  );
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data).match(/5000000000/g)).toHaveLength(5);
});
