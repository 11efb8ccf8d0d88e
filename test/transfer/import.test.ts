import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { newDirectory } from '../engine/dataFiles.ts';
import { startUpstream } from '../support/upstream.ts';
import { linesOf, objectsIn, runCommand, startCommand } from './command.ts';
import { assistant, message, run, step, thread } from './objects.ts';

/** A data file that does not exist yet, and what is done with it. */
const newTarget = () => {
  const directory = newDirectory();
  const env = { DATA_PATH: join(directory, 'engine.db') };
  return {
    env,
    directory,
    file: (name: string, text: string) => {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    },
    importText: (text: string, ...args: string[]) => runCommand(env, ['import', '-', ...args], text),
    importFiles: (...args: string[]) => runCommand(env, ['import', ...args]),
    exported: async (...args: string[]) => objectsIn((await runCommand(env, ['export', '-', ...args])).stdout),
  };
};

const everything = [
  assistant('a-1'),
  thread('t-1'),
  message('m-1', 't-1', 'Hello'),
  message('m-2', 't-1', 'Hi', { role: 'assistant', run_id: 'r-1', assistant_id: 'a-1' }),
  run('r-1', 't-1'),
  step('s-1', 'r-1', 't-1'),
];

test('every kind of object is imported with its id, its times and its unknown fields', async () => {
  const target = newTarget();
  const objects = everything.map((object) => ({ ...object, from_elsewhere: { kept: [1, null] } }));
  const { code, stderr } = await target.importText(linesOf(objects));
  expect(stderr).toContain('Done: 1 assistant, 1 thread, 2 messages, 1 run, 1 step imported');
  expect(code).toBe(0);
  expect(await target.exported()).toEqual(objects);
});

test('an import that is repeated changes nothing', async () => {
  const target = newTarget();
  await target.importText(linesOf(everything));
  const { code, stderr } = await target.importText(linesOf([...everything, message('m-3', 't-1', 'More')]));
  expect(stderr).toContain('1 message imported, 6 were there already, 0 left out');
  expect(code).toBe(0);
  expect(await target.exported()).toHaveLength(7);
});

test('an object that differs from the one with its id is reported, and what exists is kept', async () => {
  const target = newTarget();
  await target.importText(linesOf(everything));
  const { code, stderr } = await target.importText(linesOf([{ ...assistant('a-1'), name: 'Other' }, assistant('a-2')]));
  expect(stderr).toContain('standard input, line 1 is assistant a-1, which exists and differs; what exists was kept');
  expect(code).toBe(2);
  expect((await target.exported()).slice(0, 2)).toEqual([assistant('a-1'), assistant('a-2')]);
});

const badLines: [line: string, problem: string][] = [
  ['not json', 'is not JSON: '],
  ['{"id":"x","object":"thread","crea', 'is not JSON: '],
  ['[]x', 'is not JSON: '],
  ['17', 'is an integer, not an object of the API'],
  ['{"id":"x"}', 'has no `object`; those that can be imported are file, vector_store, '],
  ['{"id":"x","object":"invoice"}', 'has the unknown `object` "invoice"; those that can be imported are '],
  ['{"object":"thread","created_at":1}', 'is no valid thread: `id`: expected string, received undefined'],
  ['{"id":"","object":"thread","created_at":1}', 'is no valid thread: `id`: '],
  ['{"id":"x","object":"thread"}', 'is no valid thread: `created_at`: expected number, received undefined'],
  [JSON.stringify(thread('x', { metadata: { a: 1 } })), 'is no valid thread: `metadata.a`: expected string'],
  [JSON.stringify(message('x', 't-1', '', { thread_id: null })), 'is no valid thread.message: `thread_id`: expected'],
  [
    JSON.stringify(message('x', 't-1', '', { content: 'text' })),
    'is no valid thread.message: `content`: expected array',
  ],
  [
    JSON.stringify(message('x', 't-1', '', { content: [{ type: 'text', text: 'plain' }] })),
    'is no valid thread.message: `content[0].text`: expected object, received string',
  ],
  [
    JSON.stringify(run('x', 't-1', { usage: { prompt_tokens: -1 } })),
    'is no valid thread.run: `usage.prompt_tokens`: ',
  ],
  [JSON.stringify(step('x', 'r-9', 't-1')), 'is thread.run.step x, but there is no run r-9; import it before'],
  [JSON.stringify(step('x', 'r-9', 't-1', { step_details: {} })), 'is no valid thread.run.step: `step_details.type`: '],
];

test('lines that cannot be imported are named by their number with the reason, and the others are imported', async () => {
  const target = newTarget();
  const good = badLines.map((_, index) => message(`m-${index}`, 't-1', 'kept'));
  const lines = badLines.flatMap(([line], index) => [line, JSON.stringify(good[index])]);
  const { code, stderr } = await target.importText(`${linesOf([thread('t-1')])}${lines.join('\n')}`);
  const written = stderr.split('\n');
  for (const [index, [, problem]] of badLines.entries()) {
    const named = written.find((line) => line.startsWith(`standard input, line ${2 + index * 2} `));
    expect(named).toContain(problem);
  }
  expect(stderr).toContain(`${badLines.length} left out`);
  expect(code).toBe(2);
  expect(await target.exported()).toEqual([thread('t-1'), ...good]);
});

test('an import that gives up on an input ends, though the input does not', async () => {
  const env = { DATA_PATH: join(newDirectory(), 'engine.db') };
  const { child, result } = startCommand(env, ['import', '-'], undefined);
  child.stdin?.write('[{"id":"a string without an end\n');
  const { code, stderr } = await result;
  expect(stderr).toContain('the rest of the input is left out');
  expect(code).toBe(2);
});

test('bytes that are not UTF-8 are reported instead of being replaced', async () => {
  const target = newTarget();
  const path = target.file('latin1.jsonl', '');
  writeFileSync(path, Buffer.from(linesOf([thread('t-1', { metadata: { name: 'Ås' } })]), 'latin1'));
  const { code, stderr } = await target.importFiles(path);
  expect(stderr).toContain(`${path}, line 1 is not UTF-8`);
  expect(code).toBe(2);
});

test('with --strict, one bad line means that nothing is imported, and all bad lines are named', async () => {
  const target = newTarget();
  await target.importText(linesOf([thread('t-0')]));
  const text = `${linesOf([thread('t-1')])}bad\n${linesOf([message('m-1', 't-1', '')])}bad\n`;
  const { code, stderr } = await target.importText(text, '--strict');
  expect(stderr).toMatch(/line 2 [^]*line 4 [^]*Nothing was imported: 2 objects cannot be/);
  expect(code).toBe(1);
  expect(await target.exported()).toEqual([thread('t-0')]);
  expect((await target.importText(linesOf(everything), '--strict')).code).toBe(0);
  expect(await target.exported()).toHaveLength(7);
});

const numbers = [1, 2, 3, 4];
const listOf = (data: object[]) => ({ object: 'list', data, first_id: 'first', last_id: 'last', has_more: false });

/** How four messages may have been saved. `same` are of the same second; both are oldest first. */
const dumps: Record<string, (messages: object[], same: object[]) => string> = {
  'an array': (messages) => JSON.stringify(messages.toReversed()),
  'an indented array': (messages) => JSON.stringify(messages.toReversed(), null, 2),
  'an array with an object in each line': (messages) =>
    `[\n${messages
      .toReversed()
      .map((object) => JSON.stringify(object))
      .join(',\n')}\n]`,
  'an array, oldest first': (messages) => JSON.stringify(messages),
  'an array of one second, newest first as by default': (_, same) => JSON.stringify(same.toReversed()),
  'a list': (messages) => JSON.stringify(listOf(messages.toReversed())),
  'an indented list': (messages) => JSON.stringify(listOf(messages.toReversed()), null, 2),
  'a list with an object in each line': (messages) =>
    `{"object":"list","data":[\n${messages
      .toReversed()
      .map((object) => JSON.stringify(object))
      .join(',\n')}]}`,
  'two lists': (messages) =>
    linesOf([listOf(messages.slice(2).toReversed()), listOf(messages.slice(0, 2).toReversed())]),
  'two indented arrays': (messages) =>
    [messages.slice(2), messages.slice(0, 2)].map((half) => JSON.stringify(half.toReversed(), null, 2)).join('\n'),
  'lines, newest first': (messages) => linesOf(messages.toReversed()),
  'lines of one second, in the order of the lines': (_, same) => linesOf(same),
  'two lists that overlap': (messages) =>
    linesOf([listOf(messages.slice(1).toReversed()), listOf(messages.slice(0, 3).toReversed())]),
  'lines, newest first, some of them twice': (messages) =>
    linesOf(messages.toReversed().flatMap((each) => [each, each])),
  'lines in any order': (messages) => linesOf([2, 0, 3, 1].flatMap((index) => messages[index] ?? [])),
};

test('lists as people have saved them are imported oldest message first, however often', async () => {
  const target = newTarget();
  const files = Object.entries(dumps).map(([name, textOf]) => {
    const messages = numbers.map((number) =>
      message(`${name} ${number}`, name, `${number}`, { created_at: 1e9 + number }),
    );
    const same = numbers.map((number) => message(`${name} ${number}`, name, `${number}`));
    return target.file(`${name}.json`, textOf(messages, same));
  });
  const count = files.length * numbers.length;
  for (const result of [`${count} messages imported, 6 were`, `nothing imported, ${count + 6} were`]) {
    const { code, stderr } = await target.importFiles(...files);
    expect(stderr).toContain(`Done: ${result} there already`);
    expect(code).toBe(0);
    const messages = (await target.exported()).filter(({ object }) => object === 'thread.message');
    for (const name of Object.keys(dumps)) {
      const ids = messages.filter(({ thread_id: threadId }) => threadId === name).map(({ id }) => id);
      expect(ids).toEqual(numbers.map((number) => `${name} ${number}`));
    }
  }
});

test('lists get their order also if the input has members of other lists in between', async () => {
  const target = newTarget();
  const newestFirst = numbers.toReversed().map((number) => ({ number, created_at: number }));
  const runs = newestFirst.flatMap(({ number, created_at }) => [
    run(`r-${number}`, 't-1', { created_at }),
    step(`s-${number}-2`, `r-${number}`, 't-1', { created_at: created_at + 1 }),
    step(`s-${number}-1`, `r-${number}`, 't-1', { created_at }),
  ]);
  const messages = newestFirst.flatMap(({ number, created_at }) => [
    message(`m-1-${number}`, 't-1', '', { created_at }),
    message(`m-2-${number}`, 't-2', '', { created_at }),
  ]);
  await target.importText(linesOf([thread('t-1'), thread('t-2'), ...runs, ...messages]));
  const exported = await target.exported();
  const idsOf = (name: string) => exported.filter(({ object }) => object === name).map(({ id }) => id);
  expect(idsOf('thread.run')).toEqual(numbers.map((number) => `r-${number}`));
  expect(idsOf('thread.run.step')).toEqual(numbers.flatMap((number) => [`s-${number}-1`, `s-${number}-2`]));
  const messageIds = ['m-1', 'm-2'].flatMap((prefix) => numbers.map((number) => `${prefix}-${number}`));
  expect(idsOf('thread.message')).toEqual(messageIds);
});

test('what JSON.stringify makes of a page of the official SDK, one file for each thread', async () => {
  const upstream = await startUpstream(({ path }) => {
    const threadId = path.split('/')[2] ?? '';
    return listOf(
      numbers.toReversed().map((number) => message(`${threadId}-m-${number}`, threadId, '', { created_at: number })),
    );
  });
  const { beta } = new OpenAI({ apiKey: 'any', baseURL: upstream.url });
  const target = newTarget();
  const files: string[] = [];
  for (const threadId of ['t-1', 't-2']) {
    const page = await beta.threads.messages.list(threadId);
    files.push(target.file(`${threadId}.json`, JSON.stringify(page, null, 2)));
  }
  await upstream.close();
  expect((await target.importFiles(...files)).code).toBe(0);
  expect((await target.exported()).map(({ id }) => id)).toEqual([
    't-1',
    't-1-m-1',
    't-1-m-2',
    't-1-m-3',
    't-1-m-4',
    't-2',
    't-2-m-1',
    't-2-m-2',
    't-2-m-3',
    't-2-m-4',
  ]);
});

test('messages of a thread that is not in the input get one, which the thread replaces when it is imported', async () => {
  const target = newTarget();
  await target.importText(linesOf([message('m-1', 't-1', 'Hello')]));
  expect((await target.exported())[0]).toMatchObject({ id: 't-1', object: 'thread', created_at: 1_700_000_200 });
  const { code } = await target.importText(linesOf([thread('t-1')]));
  expect(code).toBe(0);
  expect(await target.exported()).toEqual([thread('t-1'), message('m-1', 't-1', 'Hello')]);
  const engine = await openEngine({ dataPath: target.env.DATA_PATH });
  const found = await engine.fetch(
    new Request('http://engine.test/v1/threads?metadata[topic]=t-1', { headers: { 'openai-beta': 'assistants=v2' } }),
  );
  expect(await found.json()).toMatchObject({ data: [{ id: 't-1' }] });
  await engine.close();
});

const endings: Record<string, object> = {
  queued: { status: 'expired', required_action: null },
  in_progress: { status: 'expired', required_action: null },
  requires_action: { status: 'expired', required_action: null },
  cancelling: { status: 'cancelled', required_action: null, cancelled_at: 1_700_000_900 },
  failed: {},
};

test('runs that were active, and what was in progress, are imported as ended, the same each time', async () => {
  const target = newTarget();
  const active = Object.keys(endings).map((status) =>
    run(`run ${status}`, status, { status, required_action: null, expires_at: 1_700_000_900, usage: null }),
  );
  const half = { status: 'in_progress', role: 'assistant', run_id: 'run queued' };
  const text = linesOf([
    ...active,
    message('half', 'queued', 'half', half),
    step('open', 'run queued', 'queued', { status: 'in_progress' }),
  ]);
  await target.importText(text);
  expect((await target.importText(text)).stderr).toContain('7 were there already');
  const exported = await target.exported();
  const imported = (id: string) => exported.find((object) => object['id'] === id);
  for (const [index, ended] of Object.values(endings).entries()) {
    expect(imported(`run ${Object.keys(endings)[index]}`)).toEqual({ ...active[index], ...ended });
  }
  expect(imported('half')).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'run_expired' } });
  expect(imported('open')).toMatchObject({ status: 'expired', expired_at: 1_700_000_301 });
});

test('with --tenant, the objects are those of the tenant only, and another cannot import them again', async () => {
  const target = newTarget();
  await target.importText(linesOf(everything), '--tenant', 'acme');
  expect(await target.exported()).toEqual([]);
  expect(await target.exported('--tenant', 'acme')).toEqual(everything);
  const { code, stderr } = await target.importText(linesOf(everything), '--tenant', 'other');
  expect(stderr).toContain('is thread t-1, which exists and belongs to another tenant');
  expect(stderr).toContain('6 left out');
  expect(code).toBe(2);
  const added = await target.importText(linesOf([message('m-9', 't-1', 'foreign')]), '--tenant', 'other');
  expect(added.stderr).toContain('is thread.message m-9, but the thread t-1 belongs to another tenant');
});

test('a data file that a server is using is left alone', async () => {
  const target = newTarget();
  const engine = await openEngine({ dataPath: target.env.DATA_PATH });
  const { code, stderr } = await target.importText(linesOf(everything));
  expect(stderr).toContain('is in use by another process');
  expect(code).toBe(1);
  await engine.close();
});

test.each([
  [['import'], 'Import needs a file'],
  [['import', '--force', 'x'], "Unknown option '--force'"],
  [['import', 'nowhere.jsonl'], 'nowhere.jsonl cannot be read: ENOENT'],
  [['import', '.'], '. is a directory'],
  [['export'], 'Export writes one file'],
  [['export', 'a', 'b'], 'Export writes one file'],
])('%j is refused with one line', async (args, words) => {
  const { code, stderr, stdout } = await runCommand({ DATA_PATH: join(newDirectory(), 'engine.db') }, args);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
});

test('an import into memory is refused', async () => {
  const { code, stderr } = await runCommand({ DATA_PATH: ':memory:' }, ['import', '-'], '');
  expect(code).toBe(1);
  expect(stderr).toContain('DATA_PATH is :memory:');
});

test('every command is in --help', async () => {
  const { stdout } = await runCommand({}, ['--help']);
  for (const text of ['export FILE', 'import FILE...', 'copy FILE', '--threads', '--tenant', '--strict'])
    expect(stdout).toContain(text);
  expect(readFileSync(new URL('../../docs/migrate.md', import.meta.url), 'utf8')).toContain('import --strict');
});
