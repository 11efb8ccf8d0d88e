import { createHash } from 'node:crypto';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { copiedTables } from '../../src/engine/copy/copiedTables.ts';
import { type Engine, openEngine } from '../../src/engine/engine.ts';
import { executeIn, newDataPath, rowsIn } from '../engine/dataFiles.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';
import { runCommand, startCommand } from '../transfer/command.ts';

/** Commands are processes, and several of them start. */
const timeout = 180_000;

const sdkOver = (engine: Engine) =>
  new OpenAI({
    apiKey: 'any',
    baseURL: 'http://engine.test/v1',
    maxRetries: 0,
    fetch: (url, init) => engine.fetch(new Request(url, { ...init, duplex: 'half' } as RequestInit)),
  });

const copyInto = async () => {
  const { url, giveBack } = await takeDatabase();
  onTestFinished(giveBack);
  return { url, copy: (dataPath: string) => runCommand({ DATABASE_URL: url }, ['copy', dataPath]) };
};

const rowCounts = (url: string) => {
  const selects = copiedTables.map(({ name }) => `select '${name}' as name, count(*)::int as count from ${name}`);
  return queryDatabase(url, selects.join(' union all ')) as Promise<{ name: string; count: number }[]>;
};

const look = { type: 'function' as const, function: { name: 'look', parameters: { type: 'object', properties: {} } } };

/** Makes at least one row in every table, and returns what is needed to look at them. */
const makeEverything = async (dataPath: string) => {
  const runWebhooks = {
    urls: ['http://127.0.0.1:9/hook'],
    secret: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=',
    timeoutMs: 100,
  };
  const engine = await openEngine({ dataPath, runWebhooks, sweepIntervalMs: 50 });
  const sdk = sdkOver(engine);
  const { assistants, threads } = sdk.beta;
  const assistant = await assistants.create({ model: 'm', name: 'Åse', tools: [look], reasoning_effort: 'low' });
  const [gone, last] = [await assistants.create({ model: 'm' }), await assistants.create({ model: 'm' })];
  await assistants.delete(gone.id);
  const metadata = { Key: 'B', key: 'a', ключ: 'é', nul: 'a\0b' };
  const talk = await threads.create({
    metadata,
    messages: ['one', 'two', 'three'].map((content) => ({ role: 'user', content })),
  });
  const [first, second] = (await threads.messages.list(talk.id, { order: 'asc' })).data;
  await threads.messages.delete(second?.id ?? '', { thread_id: talk.id });
  const done = await threads.runs.createAndPoll(talk.id, { assistant_id: assistant.id });
  const removed = await threads.create({ metadata });
  const asking = await threads.create({ metadata, messages: [{ role: 'user', content: 'Please look.' }] });
  const waiting = await threads.runs.createAndPoll(asking.id, { assistant_id: assistant.id });
  await threads.delete(removed.id);
  const upload = (name: string, text: string) =>
    sdk.files.create({ file: new File([text], name, { type: 'text/plain' }), purpose: 'assistants' });
  const [one, two, three] = [
    await upload('a.txt', 'The harbour.'),
    await upload('b.txt', 'The sea.'),
    await upload('c.txt', 'x'),
  ];
  await sdk.files.delete(three.id);
  const store = await sdk.vectorStores.create({ name: 'notes' });
  await sdk.vectorStores.fileBatches.createAndPoll(store.id, { file_ids: [one.id, two.id] });
  await sdk.vectorStores.files.delete(two.id, { vector_store_id: store.id });
  await sdk.vectorStores.delete((await sdk.vectorStores.create({})).id);
  const { id: uploadId } = await sdk.uploads.create({
    bytes: 3,
    filename: 'd.txt',
    mime_type: 'text/plain',
    purpose: 'assistants',
  });
  await sdk.uploads.parts.create(uploadId, { data: new File(['abc'], 'part') });
  const keyed = { method: 'POST', headers: { 'openai-beta': 'assistants=v2', 'idempotency-key': 'k-1' }, body: '{}' };
  await (await engine.fetch(new Request('http://engine.test/v1/threads', keyed))).text();
  await engine.close();
  // Rows of tables that need a tool of the engine, or an interruption.
  executeIn(
    dataPath,
    `insert into engine_calls (id, run_id, name, arguments, output, citations, images)
       values ('call_1', '${done.id}', 'file_search', '{}', null, '[]', '[]');
     insert into removed_entries (entry) values (77);`,
  );
  return { talk, asking, done, waiting, gone, last, removed, first, second, one, two, three, store };
};

type Made = Awaited<ReturnType<typeof makeEverything>>;

/** Every list in both orders and by its cursors, among them those of deleted objects, and everything that is read by its id. */
const read = async (
  engine: Engine,
  { talk, asking, done, waiting, gone, removed, first, second, one, two, three, store }: Made,
) => {
  const lists = [
    '/assistants',
    `/assistants?after=${gone.id}`,
    `/assistants?before=${gone.id}`,
    '/threads',
    `/threads?after=${removed.id}`,
    '/threads?metadata[Key]=B&metadata[key]=a',
    `/threads?metadata[${encodeURIComponent('ключ')}]=${encodeURIComponent('é')}`,
    `/threads/${talk.id}/messages?`,
    `/threads/${talk.id}/messages?after=${first?.id}`,
    `/threads/${talk.id}/messages?before=${second?.id}`,
    `/threads/${asking.id}/runs`,
    `/threads/${talk.id}/runs/${done.id}/steps`,
    '/files',
    `/files?after=${three.id}`,
    '/vector_stores',
    `/vector_stores/${store.id}/files`,
    `/vector_stores/${store.id}/files?after=${two.id}`,
  ];
  const paths = [
    ...lists.flatMap((path) =>
      ['asc', 'desc'].map((order) => `${path}${path.includes('?') ? '&' : '?'}order=${order}`),
    ),
    `/threads/${talk.id}`,
    `/threads/${asking.id}/runs/${waiting.id}`,
    `/threads/${asking.id}/runs/${waiting.id}/events`,
    `/threads/${talk.id}/runs/${done.id}/events?after=3`,
    `/vector_stores/${store.id}`,
    `/files/${one.id}/content`,
  ];
  const results: Record<string, string> = {};
  for (const path of paths) {
    const controller = new AbortController();
    const { signal } = controller;
    const request = new Request(`http://engine.test/v1${path}`, {
      headers: { 'openai-beta': 'assistants=v2' },
      signal,
    });
    const response = await engine.fetch(request);
    // The events of a run that waits do not end.
    const reader = response.body?.getReader();
    let text = '';
    for (;;) {
      const next = await Promise.race([reader?.read(), pause(500)]);
      if (next === undefined || next.done) break;
      text += new TextDecoder().decode(next.value);
    }
    controller.abort();
    results[path] = `${response.status} ${text}`;
  }
  return results;
};

test('a copy has every row of every table, and its lists, cursors and runs go on as they were', {
  timeout,
}, async () => {
  const dataPath = newDataPath();
  const made = await makeEverything(dataPath);
  const here = await openEngine({ dataPath, startsWorkers: false });
  const before = await read(here, made);
  await here.close();

  const { url, copy } = await copyInto();
  const first = await copy(dataPath);
  expect(first.stderr).toContain('all rows are the same in both');
  expect(first.code).toBe(0);
  expect(first.stderr + first.stdout).not.toContain(new URL(url).password);
  const counts = await rowCounts(url);
  for (const { name, count } of counts) {
    expect([name, count]).toEqual([
      name,
      (rowsIn(dataPath, `select count(*) as count from ${name}`) as typeof counts)[0]?.count,
    ]);
    expect([name, count > 0]).toEqual([name, true]);
    expect(first.stderr).toContain(`${name}: ${count}`);
  }

  const engine = await openEngine({ dataPath: newDataPath(), databaseUrl: url, startsWorkers: false });
  expect(await read(engine, made)).toEqual(before);
  await engine.close();
  expect((await copy(dataPath)).stderr).toContain('has been copied before');

  const going = await openEngine({ dataPath: newDataPath(), databaseUrl: url, sweepIntervalMs: 50 });
  const sdk = sdkOver(going);
  const { assistants, threads } = sdk.beta;
  // The index has been built again from the contents.
  const found = () => sdk.vectorStores.search(made.store.id, { query: 'harbour' });
  while ((await found()).data.length === 0) await pause(100);
  expect((await found()).data.map(({ filename }) => filename)).toEqual(['a.txt']);
  const tool_outputs = made.waiting.required_action?.submit_tool_outputs.tool_calls.map(({ id }) => ({
    tool_call_id: id,
    output: 'sea',
  }));
  const ended = await threads.runs.submitToolOutputsAndPoll(made.waiting.id, {
    thread_id: made.asking.id,
    tool_outputs: tool_outputs ?? [],
  });
  expect(ended.status).toBe('completed');
  const added = await assistants.create({ model: 'm' });
  expect((await assistants.list({ order: 'asc', after: made.last.id })).data.map(({ id }) => id)).toEqual([added.id]);
  await going.close();

  const again = await copy(dataPath);
  expect(again.stderr).toMatch(
    /has other data than the file: \w+ has .*\. Nothing was copied; name an empty database\./,
  );
  expect(again.code).toBe(1);
});

/** A new data file with this many assistants. */
const withAssistants = async (count: number) => {
  const dataPath = newDataPath();
  const engine = await openEngine({ dataPath });
  for (let made = 0; made < count; made += 1) await sdkOver(engine).beta.assistants.create({ model: 'm' });
  await engine.close();
  return dataPath;
};

test('a database with other numbers of rows is refused with the table and both numbers', { timeout }, async () => {
  const { copy } = await copyInto();
  expect((await copy(await withAssistants(1))).code).toBe(0);
  expect((await copy(await withAssistants(2))).stderr).toContain('assistants has 1 row instead of 2.');
});

test('a content that the folder of the data file does not have is named, and everything else is copied', {
  timeout,
}, async () => {
  const dataPath = newDataPath();
  const engine = await openEngine({ dataPath, startsWorkers: false });
  const upload = (text: string) =>
    sdkOver(engine).files.create({ file: new File([text], 'a.txt'), purpose: 'assistants' });
  const [gone, damaged, whole] = [await upload('gone'), await upload('damaged'), await upload('whole')];
  await engine.close();
  const contentOf = (text: string) => {
    const sha256 = createHash('sha256').update(text).digest('hex');
    return `${dataPath}.files/${sha256.slice(0, 2)}/${sha256}`;
  };
  rmSync(contentOf('gone'));
  writeFileSync(contentOf('damaged'), 'changed');
  const { url, copy } = await copyInto();
  const { code, stderr } = await copy(dataPath);
  expect(stderr).toMatch(new RegExp(`The content \\w+ of ${gone.id} is missing\\.`));
  expect(stderr).toMatch(new RegExp(`The content \\w+ of ${damaged.id} is damaged\\.`));
  expect(code).toBe(2);
  const copied = await openEngine({ dataPath: newDataPath(), databaseUrl: url, startsWorkers: false });
  expect(await (await sdkOver(copied).files.content(whole.id)).text()).toBe('whole');
  await copied.close();
  expect(await queryDatabase(url, 'select count(*)::int as count from contents where is_kept')).toEqual([{ count: 1 }]);
});

test('every table of a data file is copied', async () => {
  const dataPath = newDataPath();
  await (await openEngine({ dataPath, startsWorkers: false })).close();
  const tables = rowsIn(
    dataPath,
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`,
  ) as { name: string }[];
  expect([...copiedTables.map(({ name }) => name), 'schema_versions'].toSorted()).toEqual(
    tables.map(({ name }) => name).toSorted(),
  );
});

test('the number of a deleted row is not used again', { timeout }, async () => {
  const dataPath = newDataPath();
  const engine = await openEngine({ dataPath, startsWorkers: false });
  const { assistants } = sdkOver(engine).beta;
  for (let count = 0; count < 3; count += 1) await assistants.delete((await assistants.create({ model: 'm' })).id);
  await engine.close();
  const { url, copy } = await copyInto();
  expect((await copy(dataPath)).stderr).toContain('all rows are the same in both');
  const copied = await openEngine({ dataPath: newDataPath(), databaseUrl: url, startsWorkers: false });
  await sdkOver(copied).beta.assistants.create({ model: 'm' });
  await copied.close();
  expect(await queryDatabase(url, 'select seq::int from assistants')).toEqual([{ seq: 4 }]);
});

test('a copy that is killed at any moment leaves no rows, and is made when it is repeated', { timeout }, async () => {
  const dataPath = newDataPath();
  const engine = await openEngine({ dataPath, startsWorkers: false });
  const { id } = await sdkOver(engine).beta.threads.create({});
  await engine.close();
  executeIn(
    dataPath,
    `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 60000)
     insert into messages (id, object, thread_id) select 'msg_' || n, '{"id":"msg_' || n || '"}', '${id}' from numbers;`,
  );
  const { url, copy } = await copyInto();
  let killed = 0;
  for (const wait of [200, 800]) {
    const { child, result } = startCommand({ DATABASE_URL: url }, ['copy', dataPath], '');
    const lock = `${dataPath}-lock`;
    const isCopying = async () => {
      const rows = await queryDatabase(
        url,
        `select 1 from pg_locks where mode = 'ExclusiveLock' and relation = 'messages'::regclass`,
      );
      return existsSync(lock) && rows.length > 0;
    };
    while (child.exitCode === null && !(await isCopying())) await pause(10);
    await pause(wait);
    child.kill('SIGKILL');
    if ((await result).code === null) killed += 1;
    expect((await rowCounts(url)).filter(({ count }) => count > 0)).toEqual([]);
  }
  expect(killed).toBeGreaterThan(0);
  expect((await copy(dataPath)).stderr).toContain('all rows are the same in both');
  expect(await queryDatabase(url, 'select count(*)::int as count, max(seq)::int as last from messages')).toEqual([
    { count: 60_000, last: 60_000 },
  ]);
  expect(statSync(dataPath).size).toBeGreaterThan(0);
});

test('a copy is refused with one line if the file or the database cannot be used', { timeout }, async () => {
  const dataPath = newDataPath();
  const { url } = await copyInto();
  const engine = await openEngine({ dataPath, startsWorkers: false });
  const refused: [env: Record<string, string>, args: string[], words: string][] = [
    [{ DATABASE_URL: url }, [dataPath], 'is in use by another process'],
    [{ DATABASE_URL: url }, [`${dataPath}.none`], 'There is no data file'],
    [{ DATABASE_URL: url }, [], 'copy needs the path of the data file'],
    [{ DATABASE_URL: url }, [dataPath, 'b'], 'Unknown argument b'],
    [{}, [dataPath], 'Set DATABASE_URL'],
  ];
  for (const [env, args, words] of refused) {
    const { code, stderr } = await runCommand(env, ['copy', ...args]);
    expect(stderr).toContain(words);
    expect(code).toBe(1);
  }
  await engine.close();
  const { stderr } = await runCommand({ DATABASE_URL: `${url}_none` }, ['copy', dataPath]);
  expect(stderr).toContain('does not exist; create it, or name another one in DATABASE_URL');
  expect(stderr).not.toContain(new URL(url).password);
});
