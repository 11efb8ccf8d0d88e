import type OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startFilesSdk, textFile } from './filesWorld.ts';
import { startWithFiles } from './vectorStoresWorld.ts';

const hostile = [
  '"',
  'heron"',
  "heron' OR 1=1 --",
  'heron AND',
  'NEAR(heron)',
  'scope:s1 OR *',
  '^heron',
  '{title} : heron',
  '(((',
  'heron -otter',
  'a\0b heron',
  '\ud83d heron',
  '%_',
  '   ',
  'the of and',
  '😀',
  'heron '.repeat(600),
];

test('a query is text, whatever it is made of', async () => {
  const { search } = await startWithFiles({ 'one.txt': 'a heron' });
  for (const query of hostile)
    expect([query, ...(await search(query))]).toEqual([query, ...(/heron/u.test(query) ? ['one.txt'] : [])]);
});

const animals = { 'otter.md': 'An otter swims.', 'heron.md': 'A heron wades. It eats fish.', 'fish.md': 'Fish swim.' };

test('results are in the order of their scores, and their number is limited', async () => {
  const { sdk, storeId, search } = await startWithFiles(animals);
  const { data } = await sdk.vectorStores.search(storeId, { query: 'a heron that eats fish' });
  expect(data[0]?.filename).toBe('heron.md');
  const scores = data.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  expect(Math.max(...scores)).toBeLessThanOrEqual(1);
  expect(await search('fish', { max_num_results: 1 })).toHaveLength(1);
});

test('several queries find what each of them finds', async () => {
  const { search } = await startWithFiles(animals);
  expect((await search(['otters', 'wading herons'])).toSorted()).toEqual(['heron.md', 'otter.md']);
});

test('results below the score threshold are left out', async () => {
  const { search } = await startWithFiles(animals);
  const query = 'a heron that eats fish';
  expect((await search(query)).length).toBeGreaterThan(1);
  expect(await search(query, { ranking_options: { score_threshold: 0.8 } })).toEqual(['heron.md']);
});

test('words are found in other forms, in other cases, without accents, and within names of code', async () => {
  const { search } = await startWithFiles({ 'a.ts': 'createHttpServer() // Überprüfung, running' });
  for (const query of ['runs', 'uberprufung', 'ÜBERPRÜFUNG', 'createhttpserver', 'http server', 'createHttpServer']) {
    expect(await search(query)).toEqual(['a.ts']);
  }
});

test('Chinese and Japanese text is found by a part of it', async () => {
  const { search } = await startWithFiles({ 'zh.txt': '北京是中国的首都', 'ja.txt': '富士山は日本で一番高い山です' });
  expect(await search('中国首都')).toEqual(['zh.txt']);
  expect(await search('日本の富士山')).toEqual(['ja.txt']);
});

const eq = (key: string, value: string | number | boolean) => ({ type: 'eq' as const, key, value });

const filtered: [OpenAI.VectorStores.VectorStoreSearchParams['filters'] & object, string[]][] = [
  [eq('lang', 'de'), ['b']],
  [{ type: 'ne', key: 'lang', value: 'de' }, ['a', 'c']],
  [{ type: 'gt', key: 'year', value: 2020 }, ['b']],
  [{ type: 'gte', key: 'year', value: 2020 }, ['a', 'b']],
  [{ type: 'lt', key: 'year', value: 2024 }, ['a']],
  [{ type: 'lte', key: 'year', value: 2024 }, ['a', 'b']],
  [{ type: 'gt', key: 'lang', value: 'de' }, ['a']],
  [{ type: 'in', key: 'year', value: [2024, 1999] }, ['b']],
  [{ type: 'nin', key: 'year', value: [2024, 1999] }, ['a', 'c']],
  [eq('draft', true), ['a']],
  [eq('year', '2024'), []],
  [eq('__proto__', 'x'), []],
  [{ type: 'and', filters: [eq('lang', 'en'), eq('year', 2020)] }, ['a']],
  [{ type: 'or', filters: [eq('lang', 'de'), eq('year', 2020)] }, ['a', 'b']],
  [
    {
      type: 'or' as const,
      filters: [{ type: 'and', filters: [eq('lang', 'en'), eq('year', 1)] }, eq('lang', 'de')],
    },
    ['b'],
  ],
];

test('filters keep the files whose attributes they describe', async () => {
  const { sdk, storeId, search } = await startWithFiles();
  const attributes = { a: { lang: 'en', year: 2020, draft: true }, b: { lang: 'de', year: 2024 }, c: {} };
  for (const [name, own] of Object.entries(attributes)) {
    const { id } = await sdk.files.create({ file: textFile('heron', name), purpose: 'assistants' });
    await sdk.vectorStores.files.createAndPoll(storeId, { file_id: id, attributes: own });
  }
  for (const [filters, names] of filtered) {
    expect([filters, (await search('heron', { filters })).toSorted()]).toEqual([filters, names]);
  }
});

test('a filter applies to attributes that were changed after the file was indexed', async () => {
  const { sdk, storeId, search } = await startWithFiles({ 'a.txt': 'heron' });
  const [file] = (await sdk.vectorStores.files.list(storeId)).data;
  const changed = await sdk.vectorStores.files.update(file?.id ?? '', {
    vector_store_id: storeId,
    attributes: { author: 'me' },
  });
  expect(changed).toMatchObject({ id: file?.id, attributes: { author: 'me' } });
  expect(await search('heron', { filters: eq('author', 'me') })).toEqual(['a.txt']);
  expect(await search('heron', { filters: eq('author', 'you') })).toEqual([]);
});

test.each([
  [{ query: '' }, undefined],
  [{}, "Missing required parameter: 'query'."],
  [{ query: 'a', max_num_results: 51 }, 'Expected a value <= 50'],
  [{ query: 'a', ranking_options: { score_threshold: 2 } }, 'Expected a value <= 1'],
  [{ query: 'a', filters: { type: 'like', key: 'a', value: 'b' } }, "Invalid value: 'like'."],
  [{ query: 'a', filters: { type: 'eq', key: 'a', value: null } }, 'filters.value'],
  [{ query: 'a', filters: { type: 'and', filters: [{ type: 'eq', key: 'a' }] } }, 'filters.filters[0].value'],
  [{ query: 'a', filters: { type: 'and', filters: Array.from({ length: 101 }, () => eq('a', 1)) } }, 'array too long'],
  [{ query: 'a', unknown: 1 }, "Unknown parameter: 'unknown'."],
])('the search %j is accepted, or rejected with a reason', async (body, reason) => {
  const { sdk, url } = await startFilesSdk();
  const { id } = await sdk.vectorStores.create({});
  const response = await fetch(`${url}/v1/vector_stores/${id}/search`, { method: 'POST', body: JSON.stringify(body) });
  const { error } = (await response.json()) as { error?: { message: string; param: string } };
  expect([response.status, `${error?.message} ${error?.param}`]).toEqual([
    reason === undefined ? 200 : 400,
    expect.stringContaining(reason ?? 'undefined'),
  ]);
});

test.each([
  ['POST', '', { expires_after: { anchor: 'last_active_at', days: 366 } }, 'Expected a value <= 365'],
  ['POST', '', { expires_after: { anchor: 'created_at', days: 1 } }, "Invalid value: 'created_at'"],
  ['POST', '/files', { file_id: 'file-a', attributes: { a: null } }, 'attributes.a'],
  ['POST', '/files', { file_id: 'file-a', attributes: { a: 'x'.repeat(513) } }, 'string too long'],
  ['POST', '/files', { file_id: 'file-a', attributes: { ['x'.repeat(65)]: 1 } }, 'property name'],
  [
    'POST',
    '/files',
    { file_id: 'file-a', attributes: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, n])) },
    'too many properties',
  ],
  ['POST', '/files', { file_id: 'x' }, "begins with 'file'"],
  ['POST', '/file_batches', {}, "expected either 'file_ids' or 'files'"],
  ['POST', '/file_batches', { file_ids: ['file-a'], files: [{ file_id: 'file-a' }] }, "either 'file_ids' or 'files'"],
  ['GET', '/files?filter=done', undefined, "Invalid value: 'done'"],
  ['GET', '/file_batches/batch_1', undefined, "begins with 'vsfb'"],
])('%s %s with %j is rejected with a reason', async (method, path, body, reason) => {
  const { sdk, url } = await startFilesSdk();
  const { id } = await sdk.vectorStores.create({});
  const response = await fetch(`${url}/v1/vector_stores/${id}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toContain(reason);
});
