import { NotFoundError } from 'openai';
import { expect, test } from 'vitest';
import { docxOf, pdfOf, pptxOf } from './documents.ts';
import { startFilesSdk, textFile } from './filesWorld.ts';
import { startWithFiles } from './vectorStoresWorld.ts';

test('files of every format are uploaded as a batch, and found by what they say', async () => {
  const { sdk, storeId, search } = await startWithFiles();
  const batch = await sdk.vectorStores.fileBatches.uploadAndPoll(storeId, {
    files: [
      new File([pdfOf('The otter sleeps')], 'a.pdf'),
      new File([docxOf('The badger digs')], 'b.docx'),
      new File([pptxOf([['The heron waits']], 'And eats')], 'c.pptx'),
      new File(['<p>The <b>fox</b> runs</p>'], 'd.html'),
      textFile('animal,verb\nlynx,climbs', 'e.csv'),
      textFile('export const eagle = () => fly();', 'f.ts'),
    ],
  });
  expect(batch).toMatchObject({
    id: expect.stringMatching(/^vsfb_/u),
    object: 'vector_store.files_batch',
    vector_store_id: storeId,
    status: 'completed',
    file_counts: { in_progress: 0, completed: 6, failed: 0, cancelled: 0, total: 6 },
  });
  const queries = ['otters sleeping', 'badger', 'heron', 'foxes', 'climbing lynx', 'eagle'];
  const found = await Promise.all(queries.map((query) => search(query)));
  expect(found.map(([best]) => best)).toEqual(['a.pdf', 'b.docx', 'c.pptx', 'd.html', 'e.csv', 'f.ts']);
  const files = await sdk.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: storeId, order: 'asc' });
  expect(files.data.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'completed'));
});

test('a file that cannot be indexed fails with a reason, and the others of its batch are completed', async () => {
  const { sdk, storeId, search } = await startWithFiles();
  const batch = await sdk.vectorStores.fileBatches.uploadAndPoll(storeId, {
    files: [textFile('heron'), new File(['%PDF-1.4 broken'], 'broken.pdf'), new File([Buffer.alloc(8)], 'zero.bin')],
  });
  expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 1, failed: 2, total: 3 } });
  const failed = await sdk.vectorStores.files.list(storeId, { filter: 'failed' });
  expect(new Set(failed.data.map(({ last_error }) => last_error?.code))).toEqual(
    new Set(['invalid_file', 'unsupported_file']),
  );
  expect(failed.data.map(({ last_error }) => last_error?.message)).toContain('The file is not a valid PDF file.');
  expect((await sdk.vectorStores.files.list(storeId, { filter: 'completed' })).data).toHaveLength(1);
  expect(await search('heron')).toEqual(['notes.txt']);
});

test('each file of a batch can have attributes and a chunking strategy of its own', async () => {
  const { sdk, storeId } = await startWithFiles();
  const file = await sdk.files.create({ file: textFile('word '.repeat(1000)), purpose: 'assistants' });
  const sizes = { max_chunk_size_tokens: 200, chunk_overlap_tokens: 100 };
  await sdk.vectorStores.fileBatches.createAndPoll(storeId, {
    files: [{ file_id: file.id, attributes: { year: 2024 }, chunking_strategy: { type: 'static', static: sizes } }],
  });
  expect(await sdk.vectorStores.files.retrieve(file.id, { vector_store_id: storeId })).toMatchObject({
    attributes: { year: 2024 },
    chunking_strategy: { type: 'static', static: sizes },
  });
  const { data } = await sdk.vectorStores.search(storeId, { query: 'word', max_num_results: 50 });
  expect(data.length).toBe(9);
  const content = await sdk.vectorStores.files.content(file.id, { vector_store_id: storeId });
  expect(content.data.map(({ text }) => text).join('')).toBe('word '.repeat(1000));
});

test('a batch that is cancelled leaves its files out of the index', async () => {
  const { sdk, storeId, search } = await startWithFiles();
  const files = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      sdk.files.create({
        file: textFile(`heron ${'and more '.repeat(20_000)}`, `${index}.txt`),
        purpose: 'assistants',
      }),
    ),
  );
  const batch = await sdk.vectorStores.fileBatches.create(storeId, { file_ids: files.map(({ id }) => id) });
  const cancelled = await sdk.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: storeId });
  expect(cancelled).toMatchObject({ status: 'cancelled', file_counts: { in_progress: 0, total: 20 } });
  expect(cancelled.file_counts.cancelled).toBeGreaterThan(10);
  expect(await sdk.vectorStores.fileBatches.retrieve(batch.id, { vector_store_id: storeId })).toEqual(cancelled);
  await sdk.vectorStores.files.uploadAndPoll(storeId, textFile('an otter', 'last.txt'));
  expect(new Set(await search('heron', { max_num_results: 50 })).size).toBe(cancelled.file_counts.completed);
});

test('a file that was removed from the store, or deleted, is not found any more', async () => {
  const { sdk, storeId, search } = await startWithFiles({
    'one.txt': 'heron one',
    'two.txt': 'heron two',
    'x.txt': 'x',
  });
  const { data } = await sdk.vectorStores.files.list(storeId, { order: 'asc' });
  const [one = '', two = ''] = data.map(({ id }) => id);
  await sdk.vectorStores.files.delete(one, { vector_store_id: storeId });
  expect(await search('heron')).toHaveLength(1);
  await sdk.files.delete(two);
  await sdk.files.delete(one);
  expect(await search('heron')).toEqual([]);
  expect((await sdk.vectorStores.retrieve(storeId)).file_counts.total).toBe(1);
  await expect(sdk.vectorStores.files.retrieve(one, { vector_store_id: storeId })).rejects.toThrow(NotFoundError);
});

test('a file that is added again is indexed again with its new attributes', async () => {
  const { sdk, storeId, search } = await startWithFiles({ 'one.txt': 'heron' });
  const [file] = (await sdk.vectorStores.files.list(storeId)).data;
  const again = await sdk.vectorStores.files.createAndPoll(storeId, { file_id: file?.id ?? '', attributes: { a: 1 } });
  expect(again).toMatchObject({ id: file?.id, status: 'completed', attributes: { a: 1 } });
  expect(await search('heron')).toEqual(['one.txt']);
});

test('a client that removes files while it pages through them removes all', async () => {
  const { sdk, storeId } = await startWithFiles({ a: '1', b: '2', c: '3', d: '4', e: '5' });
  for await (const { id } of sdk.vectorStores.files.list(storeId, { limit: 2 })) {
    await sdk.vectorStores.files.delete(id, { vector_store_id: storeId });
  }
  expect((await sdk.vectorStores.files.list(storeId)).data).toEqual([]);
});

test('a store or a file that does not exist is named in the error', async () => {
  const { sdk } = await startFilesSdk();
  const { id } = await sdk.vectorStores.create({});
  await expect(sdk.vectorStores.files.create(id, { file_id: 'file-none' })).rejects.toThrow(
    "No file found with id 'file-none'.",
  );
  await expect(sdk.vectorStores.fileBatches.create('vs_none', { file_ids: ['file-none'] })).rejects.toThrow(
    "No vector store found with id 'vs_none'.",
  );
  await expect(sdk.vectorStores.fileBatches.retrieve('vsfb_none', { vector_store_id: id })).rejects.toThrow(
    "No file batch found with id 'vsfb_none'.",
  );
  await expect(sdk.vectorStores.create({ file_ids: ['file-none'] })).rejects.toThrow(
    "No file found with id 'file-none'.",
  );
  expect((await sdk.vectorStores.list()).data).toHaveLength(1);
});
