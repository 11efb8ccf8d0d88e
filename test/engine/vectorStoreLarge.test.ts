import { expect, test } from 'vitest';
import { textFile } from './filesWorld.ts';
import { startWithFiles } from './vectorStoresWorld.ts';

test('among more chunks than are ranked, those with the rare words of a query are found, and common words still are', async () => {
  const { sdk, storeId } = await startWithFiles();
  // One chunk of about 90 tokens for each paragraph.
  const filler = 'some words that every paragraph has '.repeat(14);
  const paragraphs = Array.from({ length: 12_000 }, (_, index) => `${index === 7777 ? 'heron' : 'common'} ${filler}`);
  const text = paragraphs.join('\n\n');
  const { id } = await sdk.files.create({ file: textFile(text, 'large.txt'), purpose: 'assistants' });
  const sizes = { max_chunk_size_tokens: 100, chunk_overlap_tokens: 0 };
  const file = await sdk.vectorStores.files.createAndPoll(storeId, {
    file_id: id,
    chunking_strategy: { type: 'static', static: sizes },
  });
  expect(file).toMatchObject({ status: 'completed', usage_bytes: Buffer.byteLength(text) });

  const rare = await sdk.vectorStores.search(storeId, { query: 'the heron in some paragraph of words' });
  expect(rare.data[0]?.content[0]?.text).toContain('heron');
  const common = await sdk.vectorStores.search(storeId, { query: 'common words of paragraphs' });
  expect(common.data).toHaveLength(10);
  const content = await sdk.vectorStores.files.content(id, { vector_store_id: storeId });
  expect(content.data.length).toBeGreaterThan(10_000);
  expect(content.data.map((part) => part.text).join('')).toBe(text);
}, 120_000);
