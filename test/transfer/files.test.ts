import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { newDirectory } from '../engine/dataFiles.ts';
import { startFilesSdk, storedIn, textFile } from '../engine/filesWorld.ts';
import { contentLines } from '../../src/transfer/contentLine.ts';
import { restList } from '../graph/restList.ts';
import { refusal, reply, startUpstream, type UpstreamCall } from '../support/upstream.ts';
import { linesOf, objectsIn, runCommand, startCommand } from './command.ts';
import { assistant, message, thread } from './objects.ts';

/** Files start processes, some of them several. */
const timeout = 180_000;

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const file = (id: string, bytes: number, more: object = {}) => ({
  id,
  object: 'file',
  bytes,
  created_at: 1_700_000_000,
  filename: `${id}.txt`,
  purpose: 'assistants',
  ...more,
});

/** The lines of a content in parts of `size` bytes. */
const contentOf = (id: string, content: Buffer, size = 10) => {
  const count = Math.max(1, Math.ceil(content.length / size));
  return Array.from({ length: count }, (_, index) => ({
    object: 'file.content',
    file_id: id,
    offset: index * size,
    data: content.subarray(index * size, (index + 1) * size).toString('base64'),
    ...(index === count - 1 && { sha256: sha256Of(content) }),
  }));
};

const fileWith = (id: string, text: string) => [file(id, Buffer.byteLength(text)), ...contentOf(id, Buffer.from(text))];

const store = (id: string, more: object = {}) => ({ id, object: 'vector_store', created_at: 1_700_000_050, ...more });

const storeFile = (storeId: string, fileId: string, more: object = {}) => ({
  id: fileId,
  object: 'vector_store.file',
  created_at: 1_700_000_060,
  vector_store_id: storeId,
  status: 'completed',
  usage_bytes: 1234,
  last_error: null,
  attributes: { topic: fileId },
  chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 50 } },
  ...more,
});

/** Waits until no file of the vector stores is being indexed. */
const indexed = async ({ vectorStores }: OpenAI) => {
  for await (const { id } of vectorStores.list()) {
    while ((await vectorStores.retrieve(id)).status === 'in_progress') await pause(50);
  }
};

const large = 'A line about the lighthouse of Skagen, as long as others. '.repeat(20_000);

/** Makes files of every size, a vector store of some of them, and a thread that attaches one. */
const makeFiles = async (sdk: OpenAI) => {
  const upload = (name: string, text: string) =>
    sdk.files.create({ file: textFile(text, name), purpose: 'assistants' });
  const small = await upload('small.txt', 'The harbour of Skagen has a museum.');
  const long = await upload('large.txt', large);
  const binary = await sdk.files.create({ file: new File([randomBytes(500_000)], 'noise.bin'), purpose: 'user_data' });
  const { id: storeId } = await sdk.vectorStores.create({
    name: 'notes',
    metadata: { of: 'harbours' },
    expires_after: { anchor: 'last_active_at', days: 30 },
  });
  await sdk.vectorStores.files.createAndPoll(storeId, {
    file_id: small.id,
    attributes: { year: 1999, open: true },
    chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } },
  });
  await sdk.vectorStores.files.createAndPoll(storeId, { file_id: long.id });
  await sdk.vectorStores.files.createAndPoll(storeId, { file_id: binary.id }); // It cannot be indexed.
  await sdk.vectorStores.create({});
  const tool_resources = { file_search: { vector_store_ids: [storeId] }, code_interpreter: { file_ids: [binary.id] } };
  await sdk.beta.assistants.create({ model: 'm', tools: [{ type: 'file_search' }], tool_resources });
  const attachments = [{ file_id: small.id, tools: [{ type: 'file_search' as const }] }];
  const messages = [{ role: 'user' as const, content: 'What is in Skagen?', attachments }];
  const { id: threadId } = await sdk.beta.threads.create({ messages });
  await indexed(sdk);
  return { storeId, threadId, files: [small, long, binary] };
};

test('files, vector stores and what refers to them are the same after an export and an import', {
  timeout,
}, async () => {
  const directory = newDirectory();
  const [first, second] = [join(directory, 'first.db'), join(directory, 'second.db')];
  const [one, two] = [join(directory, '1.jsonl'), join(directory, '2.jsonl')];
  const old = await startFilesSdk({ dataPath: first });
  const made = await makeFiles(old.sdk);
  expect((await runCommand({ ASSISTANTS_BASE_URL: `${old.url}/v1` }, ['export', one])).stderr).toContain(
    'Done: 3 files, 3 vector stores, 4 vector store files, 1 assistant, 1 thread, 1 message',
  );
  const text = readFileSync(one, 'utf8');
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(600_000);

  const imported = await runCommand({ DATA_PATH: second }, ['import', '--strict', one]);
  expect(imported.stderr).toContain('3 files, 3 vector stores, 4 vector store files');
  expect(imported.code).toBe(0);

  const { sdk, url } = await startFilesSdk({ dataPath: second, sweepIntervalMs: 50 });
  const before = await sdk.vectorStores.files.retrieve(made.files[0]?.id ?? '', { vector_store_id: made.storeId });
  expect(['in_progress', 'completed']).toContain(before.status);
  await indexed(sdk);
  expect((await runCommand({ ASSISTANTS_BASE_URL: `${url}/v1` }, ['export', two])).code).toBe(0);
  expect(readFileSync(two, 'utf8')).toBe(text);

  // Ids resolve, contents are those that were uploaded, and the index has been built again.
  for (const { id } of made.files) {
    const [was, is] = await Promise.all(
      [old.sdk, sdk].map(async ({ files }) => (await files.content(id)).arrayBuffer()),
    );
    expect(is).toEqual(was);
  }
  const { data } = await sdk.vectorStores.search(made.storeId, {
    query: 'harbour museum',
    filters: { type: 'eq', key: 'year', value: 1999 },
  });
  expect(data.map(({ filename, attributes }) => [filename, attributes])).toEqual([
    ['small.txt', { year: 1999, open: true }],
  ]);
  expect(await sdk.vectorStores.retrieve(made.storeId)).toEqual(await old.sdk.vectorStores.retrieve(made.storeId));
  const [attached] =
    (await sdk.beta.threads.retrieve(made.threadId)).tool_resources?.file_search?.vector_store_ids ?? [];
  expect((await sdk.vectorStores.retrieve(attached ?? '')).file_counts.completed).toBe(1);
});

/** The number in a line that names another one. */
const numberOf = (line: string) => Number(/\d+/.exec(line)?.[0]);

test('what cannot be imported of files is named by its line, and the rest is imported once, however often', {
  timeout,
}, async () => {
  const env = { DATA_PATH: join(newDirectory(), 'engine.db') };
  const lines: [line: object | string, problem?: string][] = [
    ...fileWith('f-1', 'the first file, which is whole').map((line): [object] => [line]),
    [file('f-2', 4), 'is file f-2, but its content is not in the input'],
    [file('f-3', 25), 'is file f-3, whose content ends after 10 bytes, before its last line'],
    [contentOf('f-3', Buffer.alloc(25))[0] ?? {}],
    ['{"object":"file.content","file_id":"f-3","off', 'is not JSON'],
    ...contentOf('f-3', Buffer.alloc(25))
      .slice(2)
      .map((line): [object] => [line]),
    [file('f-4', 25), 'is file f-4, whose content goes on wrongly in line 11'],
    [contentOf('f-4', Buffer.alloc(25))[2] ?? {}],
    [file('f-5', 3), 'is file f-5, whose content is damaged: its SHA-256 is another one'],
    [{ ...contentOf('f-5', Buffer.from('abc'))[0], data: Buffer.from('abd').toString('base64') }],
    [file('f-6', 3), 'is file f-6, whose content is damaged: its SHA-256 is another one'],
    [{ ...contentOf('f-6', Buffer.from('abc'))[0], data: 'no base64!' }],
    [file('f-7', 4), 'is file f-7, but its content has 3 bytes instead of 4'],
    [contentOf('f-7', Buffer.from('abc'))[0] ?? {}],
    [contentOf('f-8', Buffer.alloc(25))[0] ?? {}, 'is content of the file "f-8", which is not before it'],
    ...contentOf('f-8', Buffer.alloc(25))
      .slice(1)
      .map((line): [object] => [line]),
    [file('f-9', 0, { filename: undefined }), 'is no valid file: `filename`: expected string'],
    [contentOf('f-9', Buffer.alloc(0))[0] ?? {}],
    ...[file('f-10', 0), ...contentOf('f-10', Buffer.alloc(0))].map((line): [object] => [line]),
    [store('s-1', { name: 'notes', status: 'completed', usage_bytes: 5, file_counts: { total: 9 } })],
    [storeFile('s-1', 'f-1')],
    [
      storeFile('s-1', 'f-10', {
        status: 'failed',
        usage_bytes: 0,
        last_error: { code: 'invalid_file', message: 'Empty.' },
      }),
    ],
    [storeFile('s-1', 'f-2'), 'is vector_store.file f-2, but there is no file f-2; import it before'],
    [storeFile('s-2', 'f-1'), 'is vector_store.file f-1, but there is no vector store s-2; import it before'],
    [storeFile('s-1', 'x', { attributes: { a: {} } }), 'is no valid vector_store.file: `attributes.a`: '],
    [message('m-1', 't-1', 'kept')],
  ];
  const input = lines.map(([line]) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');

  const strict = await runCommand(env, ['import', '-', '--strict'], input);
  expect(strict.stderr).toContain('Nothing was imported: 12 objects cannot be');
  expect(await storedIn(env.DATA_PATH)).toEqual([]);

  const { code, stderr } = await runCommand(env, ['import', '-'], input);
  const named = stderr.split('\n').filter((line) => line.startsWith('standard input, line '));
  const expected = [...lines.entries()].flatMap(([index, [, problem]]) =>
    problem === undefined ? [] : [`standard input, line ${index + 1} ${problem}`],
  );
  expect(named.toSorted((one, other) => numberOf(one) - numberOf(other))).toEqual(
    expected.map((text) => expect.stringContaining(text)),
  );
  expect(stderr).toContain(
    'Done: 2 files, 1 vector store, 2 vector store files, 1 message imported, 0 were there already, 12 left out',
  );
  expect(code).toBe(2);

  const { sdk, engine } = await startFilesSdk({ dataPath: env.DATA_PATH, sweepIntervalMs: 50 });
  await indexed(sdk);
  expect(await (await sdk.files.content('f-1')).text()).toBe('the first file, which is whole');
  expect(await sdk.vectorStores.files.retrieve('f-10', { vector_store_id: 's-1' })).toMatchObject({
    status: 'failed',
    last_error: { code: 'invalid_file', message: 'Empty.' },
  });
  const whole = await sdk.vectorStores.files.retrieve('f-1', { vector_store_id: 's-1' });
  expect(whole).toMatchObject({ ...storeFile('s-1', 'f-1'), usage_bytes: whole.usage_bytes });
  await engine.close();

  // What the engine has indexed meanwhile is still the same object; another content is not.
  const again = await runCommand(
    env,
    ['import', '-'],
    `${input}\n${linesOf(fileWith('f-1', 'the first file, which is other'))}`,
  );
  expect(again.stderr).toContain('Done: nothing imported, 6 were there already, 13 left out');
  expect(again.stderr).toContain(
    `line ${lines.length + 1} is file f-1, which exists and differs; what exists was kept`,
  );
  expect(await storedIn(env.DATA_PATH)).toHaveLength(2);
});

/** As `list()` returns it by default: newest first. */
const listOf = (data: object[]) => ({ object: 'list', data: data.toReversed() });

const ids = async (list: AsyncIterable<{ id: string }>) => {
  const found: string[] = [];
  for await (const { id } of list) found.push(id);
  return found;
};

test('files in lists of the SDK get their order, and those in a vector store too', { timeout }, async () => {
  const env = { DATA_PATH: join(newDirectory(), 'engine.db') };
  const numbers = [1, 2, 3];
  const files = numbers.flatMap((number) => fileWith(`f-${number}`, `text ${number}`));
  const members = (storeId: string) =>
    listOf(numbers.map((number) => storeFile(storeId, `f-${number}`, { created_at: number })));
  const stores = listOf(['s-1', 's-2'].map((id) => store(id)));
  const input = `${linesOf(files)}${linesOf([stores, members('s-1'), members('s-2')])}`;
  for (let time = 0; time < 2; time += 1) {
    expect((await runCommand(env, ['import', '-'], input)).code).toBe(0);
    const { sdk, engine } = await startFilesSdk({ dataPath: env.DATA_PATH, sweepIntervalMs: 50 });
    await indexed(sdk);
    expect(await ids(sdk.files.list({ order: 'asc' }))).toEqual(['f-1', 'f-2', 'f-3']);
    expect(await ids(sdk.vectorStores.list({ order: 'asc' }))).toEqual(['s-1', 's-2']);
    for (const id of ['s-1', 's-2']) {
      expect(await ids(sdk.vectorStores.files.list(id, { order: 'asc' }))).toEqual(['f-1', 'f-2', 'f-3']);
      const { data } = await sdk.vectorStores.search(id, { query: 'text 2' });
      expect(data[0]?.filename).toBe('f-2.txt');
    }
    await engine.close();
  }
});

test('an import of files that is killed at any moment and repeated has everything once', { timeout }, async () => {
  const env = { DATA_PATH: join(newDirectory(), 'engine.db') };
  const contents = [1, 2, 3, 4].map(() => randomBytes(3_000_000));
  const files = contents.flatMap((content, index) => [
    file(`f-${index}`, content.length),
    ...contentOf(`f-${index}`, content, 100_000),
  ]);
  const input = linesOf(files);
  let killed = 0;
  for (const count of [1, 2, 3]) {
    const { child, result } = startCommand(env, ['import', '-'], undefined);
    child.stdin?.write(input.slice(0, input.length * ((count - 0.5) / 4)));
    // In the middle of a content.
    while (child.exitCode === null && (await storedIn(env.DATA_PATH)).length < count) await pause(20);
    child.kill('SIGKILL');
    if ((await result).code === null) killed += 1;
  }
  expect(killed).toBeGreaterThan(0);
  const last = await runCommand(env, ['import', '-'], input);
  expect(last.stderr).toContain('Done: 2 files imported, 2 were there already');
  expect((await storedIn(env.DATA_PATH)).toSorted()).toEqual(contents.map(sha256Of).toSorted());
  const { sdk } = await startFilesSdk({ dataPath: env.DATA_PATH });
  expect((await sdk.files.list({ order: 'asc' })).data).toEqual(files.filter(({ object }) => object === 'file'));
});

/** A server with files and one vector store. `answer` may answer a call in its place. */
const startServerOf = async (answer: (call: UpstreamCall) => unknown) => {
  const files = ['f-1', 'f-2', 'f-3'].map((id) => file(id, 4));
  const upstream = await startUpstream((call) => {
    const own = answer(call);
    if (own !== undefined) return own;
    if (call.path === '/files') return restList(files)(call);
    if (call.path.endsWith('/content')) return reply({ body: call.path.slice(7, 10) });
    if (call.path === '/vector_stores') return restList([store('s-1', { status: 'completed' }), store('s-2')])(call);
    if (call.path.startsWith('/vector_stores')) {
      const [, , storeId = ''] = call.path.split('/');
      return restList([storeFile(storeId, 'f-1')])(call);
    }
    if (call.path === '/assistants') return restList([assistant('a-1')])(call);
    return call.path === '/threads' ? restList([thread('t-1')])(call) : restList([])(call);
  });
  onTestFinished(() => upstream.close());
  return { upstream, env: { ASSISTANTS_BASE_URL: upstream.url, ASSISTANTS_MAX_RETRIES: '0' } };
};

const exported = [
  ...['f-1', 'f-2', 'f-3'].flatMap((id) => [file(id, 4), ...contentOf(id, Buffer.from(id))]),
  store('s-1'),
  storeFile('s-1', 'f-1'),
  store('s-2'),
  storeFile('s-2', 'f-1'),
  assistant('a-1'),
  thread('t-1'),
];

test('an export that stopped goes on after its last complete file, vector store or assistant', {
  timeout,
}, async () => {
  const path = join(newDirectory(), 'export.jsonl');
  let isDown = /^\/files\/f-2\/content/;
  const { upstream, env } = await startServerOf((call) =>
    isDown.test(call.path) ? refusal(500, 'Down for now.') : undefined,
  );
  const stops: [next: RegExp, note: string, calls: RegExp][] = [
    [/^\/vector_stores\/s-2\/files/, 'Goes on with the files.', /^GET \/none/],
    [/^\/threads$/, 'Goes on after the vector store s-1.', /^GET \/files/],
    [/^none$/, 'Goes on with the assistants.', /^GET \/(files|vector_stores)/],
  ];
  expect((await runCommand(env, ['export', path])).stderr).toContain('Stopped: 1 file,');
  for (const [next, note, notAgain] of stops) {
    isDown = next;
    upstream.calls.length = 0;
    const { stderr } = await runCommand(env, ['export', path]);
    expect(stderr).toContain(note);
    expect(upstream.paths().filter((call) => notAgain.test(call))).toEqual([]);
  }
  expect(objectsIn(readFileSync(path, 'utf8'))).toEqual(exported);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('files whose content is not to be had are named, and exported without it', { timeout }, async () => {
  const { env } = await startServerOf(({ path }) => {
    if (path === '/files/f-1/content') return refusal(400, 'Not allowed to download files of purpose: assistants');
    return path === '/files/f-2/content' ? refusal(404, 'No such File object: f-2') : undefined;
  });
  const { code, stdout, stderr } = await runCommand(env, ['export', '-']);
  expect(code).toBe(2);
  expect(stderr).toContain(
    'The content of the file f-1 cannot be read (Not allowed to download files of purpose: assistants); only its object was exported.',
  );
  expect(stderr).toContain('There is no file f-2 any more; it was left out.');
  expect(objectsIn(stdout)).toEqual([file('f-1', 4), ...exported.slice(4)]);
});

test('the same content has the same lines, however its server divides it', async () => {
  const content = randomBytes(1_000_000);
  const linesFor = async (size: number) => {
    const chunks = async function* () {
      for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
    };
    const lines: string[] = [];
    for await (const line of contentLines('f', chunks())) lines.push(line);
    return lines;
  };
  const lines = await linesFor(1_000_000);
  expect(lines).toHaveLength(3);
  expect(await linesFor(777)).toEqual(lines);
  expect(await linesFor(64 * 1024)).toEqual(lines);
});
