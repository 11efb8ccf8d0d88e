import { expect, test } from 'vitest';
import { startFilesSdk, textFile } from './filesWorld.ts';
import { newDataPath } from './dataFiles.ts';
import { startEmbeddingServer, startEmbeddingServerThat } from './embeddingServer.ts';
import { searchIn, startWithFiles } from './vectorStoresWorld.ts';

const files = {
  'car.txt': 'My automobile needs petrol.',
  'doctor.txt': 'A physician heals.',
  'cook.txt': 'A cook cooks.',
};

test('with an endpoint for embeddings, files are found that say the same in other words', async () => {
  const { embedding, requests, texts } = await startEmbeddingServer();
  const { search } = await startWithFiles(files, { embedding });
  expect((await search('vehicles'))[0]).toBe('car.txt');
  expect((await search('doctor'))[0]).toBe('doctor.txt');
  expect(texts()).toEqual([...Object.values(files), 'vehicles', 'doctor']);
  expect(requests[0]).toMatchObject({
    headers: { authorization: 'Bearer sk-embedding', 'content-type': 'application/json' },
    body: { model: 'synonyms', encoding_format: 'float' },
  });
});

test('without an endpoint, files are found by their words only', async () => {
  const { search } = await startWithFiles(files);
  expect(await search('vehicles')).toEqual([]);
  expect(await search('automobiles')).toEqual(['car.txt']);
});

test('what both words and vectors find comes first', async () => {
  const { embedding } = await startEmbeddingServer();
  const { sdk, storeId } = await startWithFiles(
    {
      'words.txt': 'Notes on price lists.',
      'vectors.txt': 'It was inexpensive and fast.',
      'both.txt': 'A cheap price.',
    },
    { embedding },
  );
  const { data } = await sdk.vectorStores.search(storeId, { query: 'price of cheap things' });
  expect(data[0]).toMatchObject({ filename: 'both.txt', score: 1 });
  expect(new Set(data.map(({ filename }) => filename))).toEqual(new Set(['both.txt', 'vectors.txt', 'words.txt']));
});

test('vectors are compared within the searched store and the filtered files only', async () => {
  const { embedding } = await startEmbeddingServer();
  const { sdk, storeId, search } = await startWithFiles(files, { embedding });
  const other = await sdk.vectorStores.create({});
  await sdk.vectorStores.files.uploadAndPoll(other.id, textFile('A rapid vehicle.', 'other.txt'));
  expect(await searchIn(sdk, other.id, 'fast car')).toEqual(['other.txt']);
  expect(await search('fast car')).not.toContain('other.txt');
  const [first] = (await sdk.vectorStores.files.list(storeId, { order: 'asc' })).data;
  await sdk.vectorStores.files.update(first?.id ?? '', { vector_store_id: storeId, attributes: { a: 1 } });
  expect(await search('physician', { filters: { type: 'eq', key: 'a', value: 1 } })).toEqual(['car.txt']);
});

test('a file is indexed after failures of the endpoint that pass', async () => {
  const { embedding, requests } = await startEmbeddingServer(503, 429);
  const { search } = await startWithFiles({ 'car.txt': files['car.txt'] }, { embedding });
  expect(await search('vehicles')).toEqual(['car.txt']);
  expect(requests).toHaveLength(4);
});

test('a file whose embedding the endpoint refuses fails, without details of the endpoint', async () => {
  const { embedding, requests } = await startEmbeddingServer(401);
  const { sdk } = await startFilesSdk({ embedding });
  const { id } = await sdk.vectorStores.create({});
  const file = await sdk.vectorStores.files.uploadAndPoll(id, textFile('a car'));
  expect(file).toMatchObject({
    status: 'failed',
    last_error: { code: 'server_error', message: 'The embedding endpoint returned HTTP 401.' },
  });
  expect(requests).toHaveLength(1);
});

test('a file fails if the endpoint leaves out the vector of one of its chunks', async () => {
  const { embedding } = await startEmbeddingServerThat((data) => data.filter(({ index }) => index !== 1));
  const { sdk, storeId } = await startWithFiles({}, { embedding });
  const sizes = { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 };
  const uploaded = await sdk.files.create({ file: textFile('a car '.repeat(150)), purpose: 'assistants' });
  const file = await sdk.vectorStores.files.createAndPoll(storeId, {
    file_id: uploaded.id,
    chunking_strategy: { type: 'static', static: sizes },
  });
  const message = 'The embedding endpoint did not return one vector for each text.';
  expect(file).toMatchObject({ status: 'failed', last_error: { code: 'server_error', message } });
});

test('while the endpoint fails, searches go by words', async () => {
  const { embedding } = await startEmbeddingServer(200, 500);
  const { search } = await startWithFiles({ 'car.txt': files['car.txt'] }, { embedding });
  expect(await search('automobile')).toEqual(['car.txt']);
});

test('files are indexed again if the model for embeddings is another, or the endpoint is new', async () => {
  const dataPath = newDataPath();
  const first = await startWithFiles(files, { dataPath });
  await first.engine.close();
  const { embedding, texts } = await startEmbeddingServer();
  const second = await startFilesSdk({ dataPath, embedding });
  await expect.poll(() => texts().length, { timeout: 10_000 }).toBe(3);
  await expect
    .poll(() => second.sdk.vectorStores.retrieve(first.storeId), { timeout: 10_000 })
    .toMatchObject({ status: 'completed', file_counts: { completed: 3 } });
  expect((await searchIn(second.sdk, first.storeId, 'vehicles'))[0]).toBe('car.txt');
});
