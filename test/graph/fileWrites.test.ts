import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { file, pageOf, vectorStore, vectorStoreFile } from './fixtures.ts';

/** A vector store as it is after so many files were added and removed. */
const startStore = async () => {
  let ids = ['file-1', 'file-2'];
  const members = () => ids.map((id) => ({ ...vectorStoreFile, id, status: 'completed' }));
  const remove = (id: string) => {
    ids = ids.filter((each) => each !== id);
    return { id, deleted: true };
  };
  return startFacade({
    'GET /vector_stores/vs_1': () => ({ ...vectorStore, file_counts: { total: ids.length } }),
    'GET /vector_stores/vs_1/files': () => pageOf(...members()),
    'GET /files/file-1': () => (ids.includes('file-1') ? file : refusal(404, 'No such File object: file-1')),
    'POST /vector_stores/vs_1/files': ({ body }) => {
      const { file_id: id }: { file_id: string } = Object(body);
      ids = [...ids, id];
      return { ...vectorStoreFile, id };
    },
    'POST /vector_stores/vs_1/file_batches': () => {
      ids = [...ids, 'file-4', 'file-5'];
      return { id: 'vsfb_1', status: 'in_progress', file_counts: { in_progress: 2, total: 2 } };
    },
    'DELETE /vector_stores/vs_1/files/file-2': () => remove('file-2'),
    'DELETE /files/file-1': () => remove('file-1'),
    'DELETE /vector_stores/vs_1': () => ({ id: 'vs_1', deleted: true }),
  });
};

const store = 'vectorStore { fileCounts { total } files { nodes { fileId } } }';
const shown = (...ids: string[]) => ({
  vectorStore: { fileCounts: { total: ids.length }, files: { nodes: ids.map((fileId) => ({ fileId })) } },
});

test('each write to a vector store shows what the store holds after it', async () => {
  const { query } = await startStore();

  const result = await query(`mutation {
    one: createVectorStoreFile(input: { vectorStoreId: "vs_1", fileId: "file-3" }) { vectorStoreFile { ${store} } }
    two: createVectorStoreFileBatch(input: { vectorStoreId: "vs_1", fileIds: ["file-4", "file-5"] }) {
      vectorStoreFileBatch { batchId vectorStoreId object status fileCounts { inProgress total } ${store} }
    }
    deleteVectorStoreFile(input: { vectorStoreId: "vs_1", fileId: "file-2" }) { clientMutationId }
    deleteFile(input: { fileId: "file-1" }) { clientMutationId }
    three: createVectorStoreFile(input: { vectorStoreId: "vs_1", fileId: "file-6" }) { vectorStoreFile { ${store} } }
  }`);
  expect(result).toMatchObject({
    data: {
      one: { vectorStoreFile: shown('file-1', 'file-2', 'file-3') },
      two: {
        vectorStoreFileBatch: {
          batchId: 'vsfb_1',
          vectorStoreId: 'vs_1',
          object: 'vector_store.files_batch',
          status: 'IN_PROGRESS',
          fileCounts: { inProgress: 2, total: 2 },
          ...shown('file-1', 'file-2', 'file-3', 'file-4', 'file-5'),
        },
      },
      three: { vectorStoreFile: shown('file-3', 'file-4', 'file-5', 'file-6') },
    },
  });
});

test.each([
  ['attributes: "rye"', '`attributes` must be a map'],
  ['attributes: ["rye"]', '`attributes` must be a map'],
  ['attributes: { grain: null }', 'got null for "grain"'],
  ['attributes: { grain: { name: "rye" } }', 'got {"name":"rye"} for "grain"'],
  ['chunkingStrategy: { auto: false }', '`auto` cannot be false'],
])('a file that is added with %s is refused without a REST call', async (input, message) => {
  const { query, upstream } = await startStore();

  expect(
    await query(
      `mutation { createVectorStoreFile(input: { vectorStoreId: "vs_1", fileId: "file-3", ${input} }) { clientMutationId } }`,
    ),
  ).toMatchObject({
    errors: [{ message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } }],
  });
  expect(upstream.calls).toEqual([]);
});

test('only the files of a vector store with a status are asked for', async () => {
  const { query, upstream } = await startStore();

  const result = await query(`{
    vectorStore(vectorStoreId: "vs_1") { files { nodes { fileId } } }
    again: vectorStore(vectorStoreId: "vs_1") { files(filter: FAILED) { nodes { fileId } } }
  }`);
  expect(result.errors).toBeUndefined();
  const lists = upstream.paths().filter((line) => line.startsWith('GET /vector_stores/vs_1/files'));
  expect(lists).toEqual([
    'GET /vector_stores/vs_1/files?limit=20&order=desc',
    'GET /vector_stores/vs_1/files?limit=20&order=desc&filter=failed',
  ]);
});
