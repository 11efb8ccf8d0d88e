import { expect, onTestFinished, test } from 'vitest';
import { defaultExtractionLimits } from '../../src/engine/ingestion/limits.ts';
import { postgresIndex } from '../../src/engine/search/postgresIndex.ts';
import type { SearchIndex } from '../../src/engine/search/searchIndex.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';

const file = {
  fileId: 'file-1',
  filename: 'a.txt',
  sizes: { maxTokens: 100, overlapTokens: 0 },
  limits: defaultExtractionLimits,
};

async function* contentOf(text: string) {
  yield Buffer.from(text);
}

const add = (index: SearchIndex, entry: number, text: string, { tenant = 'a', vectorStoreId = 'vs_a' } = {}) =>
  index.add({ ...file, entry, tenant, vectorStoreId }, contentOf(text), new AbortController().signal);

const found = async (index: SearchIndex, query: string, ...vectorStoreIds: string[]) =>
  (await index.search({ vectorStoreIds, queries: [query], limit: 20 })).map(({ entry, text }) => [entry, text]);

/** Two servers' indexes in one database. */
const startTwo = async () => {
  const { url, giveBack } = await takeDatabase();
  const indexes = [postgresIndex(url, undefined), postgresIndex(url, undefined)] as const;
  onTestFinished(async () => {
    await Promise.all(indexes.map((index) => index.close()));
    giveBack();
  });
  return { url, indexes };
};

const countsIn = async (url: string): Promise<unknown> => {
  const tables = ['search_entries', 'search_chunks', 'search_words'];
  const [row] = await queryDatabase(
    url,
    `select ${tables.map((table) => `(select count(*)::int from ${table}) as ${table}`).join(', ')}`,
  );
  return row;
};

test('what one server indexes, replaces and removes, another finds and finds no more', async () => {
  const { url, indexes } = await startTwo();
  const [one, other] = indexes;
  await add(one, 1, 'herons fish');
  expect(await found(other, 'heron', 'vs_a')).toEqual([[1, 'herons fish']]);
  await add(other, 1, 'otters fish');
  expect(await found(one, 'heron', 'vs_a')).toEqual([]);
  expect(await found(one, 'otter', 'vs_a')).toEqual([[1, 'otters fish']]);
  expect(await countsIn(url)).toEqual({ search_entries: 1, search_chunks: 1, search_words: 1 });
  await one.remove([1]);
  expect(await found(other, 'otter', 'vs_a')).toEqual([]);
  expect(await countsIn(url)).toEqual({ search_entries: 0, search_chunks: 0, search_words: 0 });
});

test('an entry that two servers index at the same time is there once', async () => {
  const { url, indexes } = await startTwo();
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(indexes.map((index, server) => add(index, 7, `heron ${round} of server ${server}`)));
  }
  expect(await found(indexes[0], 'heron', 'vs_a')).toHaveLength(1);
  expect(await countsIn(url)).toEqual({ search_entries: 1, search_chunks: 1, search_words: 1 });
});

test('a text that begins and is never complete is not found, and what was indexed before remains', async () => {
  const { url, indexes } = await startTwo();
  const [one] = indexes;
  await add(one, 1, 'herons fish');
  const stop = new AbortController();
  const failing = one.add(
    { ...file, entry: 1, tenant: 'a', vectorStoreId: 'vs_a' },
    (async function* () {
      yield Buffer.from('otters');
      stop.abort(new Error('stopped'));
      await new Promise(() => undefined);
    })(),
    stop.signal,
  );
  await expect(failing).rejects.toThrow('stopped');
  expect(await found(one, 'heron', 'vs_a')).toEqual([[1, 'herons fish']]);
  await one.remove([2]); // After what was being added.
  expect(await countsIn(url)).toEqual({ search_entries: 1, search_chunks: 1, search_words: 1 });
});

test('chunks of a server that ended are not found, and are removed half an hour later', async () => {
  const { url, indexes } = await startTwo();
  const [one, other] = indexes;
  await add(one, 1, 'herons fish');
  await queryDatabase(url, "update search_entries set is_current = false, held_at = now() - interval '29 minutes'");
  expect(await found(one, 'heron', 'vs_a')).toEqual([]);
  await other.remove([2]);
  expect(await countsIn(url)).toMatchObject({ search_entries: 1 });

  await queryDatabase(url, "update search_entries set held_at = now() - interval '31 minutes'");
  const next = postgresIndex(url, undefined);
  await next.remove([2]);
  await next.close();
  expect(await countsIn(url)).toEqual({ search_entries: 0, search_chunks: 0, search_words: 0 });
});

test('names of stores and tenants are no words, whatever they are made of', async () => {
  const { indexes } = await startTwo();
  const [one] = indexes;
  const tenant = `it's \\ a & (tenant) | ${'x'.repeat(2000)}`;
  await add(one, 1, 'store vs_b tenant heron', { tenant, vectorStoreId: 'vs_b' });
  await add(one, 2, 'store vs_b tenant heron', { vectorStoreId: 'vs_c' });
  expect(await found(one, 'heron', 'vs_b')).toEqual([[1, 'store vs_b tenant heron']]);
  expect(await found(one, "store/vs_b' & heron | !fish", 'vs_c')).toEqual([[2, 'store vs_b tenant heron']]);
  expect(await found(one, 'x', 'vs_b', 'vs_c')).toEqual([]);
});

test('a text with a word of thousands of characters is found and read', async () => {
  const { indexes } = await startTwo();
  const [one] = indexes;
  await add(one, 1, `heron ${'w'.repeat(5000)} fish`);
  expect(await found(one, 'fish', 'vs_a')).toHaveLength(1);
  expect((await one.textOf(1, 0)).join('')).toContain('fish');
});

test('a search of a large store goes by the index of words', async () => {
  const { url, indexes } = await startTwo();
  await add(indexes[0], 1, 'herons fish');
  await queryDatabase(
    url,
    `insert into search_words (build, position, length, words)
        select build, position, 201, to_tsvector('engine_words', 'w' || position || ' ' || other.words)
          || array_to_tsvector(array['store/vs_a']) from search_entries, generate_series(1, 4000) as position,
          (select string_agg('other' || number, ' ') as words from generate_series(1, 200) as number) as other;
      analyze search_words`,
  );
  const plan = await queryDatabase(
    url,
    `explain select count(*) from search_words
      where words @@ ('''store/vs_a'''::tsquery && to_tsquery('engine_words', 'w17 | heron'))`,
  );
  expect(JSON.stringify(plan)).toContain('Bitmap Index Scan on search_words_by_word');
});
