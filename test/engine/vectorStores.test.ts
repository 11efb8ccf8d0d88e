import { NotFoundError } from 'openai';
import { expect, test } from 'vitest';
import { startFilesSdk, textFile } from './filesWorld.ts';

test('a file is uploaded, indexed and found through the SDK', async () => {
  const { sdk } = await startFilesSdk();
  const store = await sdk.vectorStores.create({ name: 'notes', metadata: { a: '1' } });
  expect(store).toMatchObject({
    id: expect.stringMatching(/^vs_[A-Za-z0-9]{24}$/u),
    object: 'vector_store',
    name: 'notes',
    status: 'completed',
    file_counts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
    usage_bytes: 0,
    metadata: { a: '1' },
  });
  const text = 'The lighthouse keeper fed a heron every morning.';
  const file = await sdk.vectorStores.files.uploadAndPoll(store.id, textFile(text));
  expect(file).toMatchObject({
    object: 'vector_store.file',
    vector_store_id: store.id,
    status: 'completed',
    last_error: null,
    usage_bytes: Buffer.byteLength(text),
    attributes: {},
    chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 } },
  });

  const { data } = await sdk.vectorStores.search(store.id, { query: 'Who feeds the herons?' });
  expect(data).toEqual([
    {
      file_id: file.id,
      filename: 'notes.txt',
      score: expect.any(Number),
      attributes: {},
      content: [{ type: 'text', text }],
    },
  ]);
  const content = await sdk.vectorStores.files.content(file.id, { vector_store_id: store.id });
  expect(content.data).toEqual([{ type: 'text', text }]);
  expect(await sdk.vectorStores.retrieve(store.id)).toMatchObject({
    status: 'completed',
    file_counts: { completed: 1, total: 1 },
    usage_bytes: Buffer.byteLength(text),
  });
});

test('vector stores are listed, modified and deleted', async () => {
  const { sdk } = await startFilesSdk();
  const [first, second] = [await sdk.vectorStores.create({}), await sdk.vectorStores.create({ name: 'two' })];
  expect((await sdk.vectorStores.list()).data).toEqual([second, first]);
  const changed = await sdk.vectorStores.update(first.id, {
    name: 'one',
    metadata: { b: '2' },
    expires_after: { anchor: 'last_active_at', days: 7 },
  });
  expect(changed).toMatchObject({
    name: 'one',
    metadata: { b: '2' },
    expires_after: { anchor: 'last_active_at', days: 7 },
  });
  expect(changed.expires_at).toBe((changed.last_active_at ?? 0) + 7 * 24 * 60 * 60);
  expect(await sdk.vectorStores.retrieve(first.id)).toEqual(changed);
  expect(await sdk.vectorStores.delete(first.id)).toEqual({
    id: first.id,
    object: 'vector_store.deleted',
    deleted: true,
  });
  await expect(sdk.vectorStores.retrieve(first.id)).rejects.toThrow(NotFoundError);
  await expect(sdk.vectorStores.search(first.id, { query: 'x' })).rejects.toThrow(
    `No vector store found with id '${first.id}'.`,
  );
});
