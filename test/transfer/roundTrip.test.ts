import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { expect, test } from 'vitest';
import { newDirectory } from '../engine/dataFiles.ts';
import { startServer } from '../support/server.ts';
import { linesOf, objectsIn, runCommand, startCommand } from './command.ts';
import { assistant, message, run, step, thread } from './objects.ts';

const sdkOf = (url: string) => new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0 }).beta;

const bake = { type: 'function' as const, function: { name: 'bake', parameters: { type: 'object', properties: {} } } };

/** Makes a history by the API: a conversation, calls with outputs, an empty thread, a modified and a deleted message. */
const makeHistory = async ({ assistants, threads }: OpenAI['beta']) => {
  const { id: assistant_id } = await assistants.create({
    model: 'm',
    name: 'Baker',
    tools: [bake],
    metadata: { a: '1' },
    reasoning_effort: 'low',
  });
  await assistants.create({ model: 'm' });
  const talk = await threads.create({
    metadata: { user: 'u1' },
    messages: ['one', 'two', 'three'].map((content) => ({ role: 'user', content })),
  });
  await threads.runs.createAndPoll(talk.id, { assistant_id });
  const [first, second] = (await threads.messages.list(talk.id, { order: 'asc' })).data;
  await threads.messages.update(first?.id ?? '', { thread_id: talk.id, metadata: { edited: 'yes' } });
  await threads.messages.delete(second?.id ?? '', { thread_id: talk.id });
  await threads.create();
  const baked = await threads.create({ messages: [{ role: 'user', content: 'Please call bake.' }] });
  const waiting = await threads.runs.createAndPoll(baked.id, { assistant_id });
  const tool_outputs = waiting.required_action?.submit_tool_outputs.tool_calls.map(({ id }) => ({
    tool_call_id: id,
    output: 'done',
  }));
  await threads.runs.submitToolOutputsAndPoll(waiting.id, { thread_id: baked.id, tool_outputs: tool_outputs ?? [] });
  return { assistant_id, talk: talk.id, baked: baked.id };
};

const threadsOf = async (url: string) =>
  (await fetch(`${url}/v1/threads`, { headers: { 'openai-beta': 'assistants=v2' } })).json();

test('export, import and export again give the same bytes, and the threads go on', async () => {
  const directory = newDirectory();
  const [first, second] = [join(directory, 'first.db'), join(directory, 'second.db')];
  const files = [1, 2, 3].map((number) => join(directory, `${number}.jsonl`));
  const [one = '', two = '', three = ''] = files;

  const old = await startServer({ DATA_PATH: first });
  const history = await makeHistory(sdkOf(old.url));
  const before = await threadsOf(old.url);
  expect((await runCommand({ ASSISTANTS_BASE_URL: `${old.url}/v1` }, ['export', one])).code).toBe(0);
  await old.stop();

  // The data file of the stopped server gives the same as the server did.
  expect((await runCommand({ DATA_PATH: first }, ['export', two])).code).toBe(0);
  expect(readFileSync(two, 'utf8')).toBe(readFileSync(one, 'utf8'));

  expect((await runCommand({ DATA_PATH: second }, ['import', one])).code).toBe(0);
  const server = await startServer({ DATA_PATH: second });
  expect((await runCommand({ ASSISTANTS_BASE_URL: `${server.url}/v1` }, ['export', three])).code).toBe(0);
  expect(readFileSync(three, 'utf8')).toBe(readFileSync(one, 'utf8'));
  expect(objectsIn(readFileSync(one, 'utf8')).map(({ object }) => object)).toContain('thread.run.step');

  const efforts = objectsIn(readFileSync(one, 'utf8')).flatMap(({ object, reasoning_effort: effort }) =>
    object === 'assistant' ? [effort] : [],
  );
  expect(efforts).toEqual(['low', undefined]);

  // With the tokens of its threads, which follow from the runs and are not exported.
  const exported = objectsIn(readFileSync(one, 'utf8')).filter(({ object }) => object === 'thread');
  for (const each of exported) expect(each).not.toHaveProperty('usage');
  expect(await threadsOf(server.url)).toEqual(before);

  const { assistants, threads } = sdkOf(server.url);
  await threads.messages.create(history.talk, { role: 'user', content: 'four' });
  const again = await threads.runs.createAndPoll(history.talk, { assistant_id: history.assistant_id });
  expect(again.status).toBe('completed');
  const [reply] = (await threads.messages.list(history.talk)).data;
  expect(JSON.stringify(reply?.content)).toContain('You wrote: \\"four\\"');
  expect((await threads.runs.list(history.talk)).data.map(({ id }) => id)[0]).toBe(again.id);
  // What is modified after an import is what the next export has.
  const modified = await assistants.update(history.assistant_id, { reasoning_effort: 'high' });
  expect(modified).toMatchObject({ reasoning_effort: 'high' });
  await server.stop();
});

test('two servers are connected by one pipe', async () => {
  const directory = newDirectory();
  const from = await startServer();
  await makeHistory(sdkOf(from.url));
  const target = join(directory, 'target.db');
  const script = 'node dist/server.js export - | DATA_PATH="$TARGET" node dist/server.js import --strict -';
  const env = { PATH: process.env['PATH'], ASSISTANTS_BASE_URL: `${from.url}/v1`, TARGET: target };
  const piped = await new Promise<string>((resolve, reject) => {
    execFile('sh', ['-c', script], { env }, (error, _, stderr) => (error === null ? resolve(stderr) : reject(error)));
  });
  expect(piped).toContain('2 assistants, 3 threads');
  const { stdout } = await runCommand({ DATA_PATH: target }, ['export', '-']);
  const direct = await runCommand({ ASSISTANTS_BASE_URL: `${from.url}/v1` }, ['export', '-']);
  expect(stdout).toBe(direct.stdout);
  await from.stop();
});

test('threads with ids of another server go on through the official SDK', async () => {
  const dataPath = join(newDirectory(), 'engine.db');
  const objects = [
    assistant('a-1'),
    thread('0b7d3c5e/42'),
    message('m 1', '0b7d3c5e/42', 'Hello'),
    message('m-2', '0b7d3c5e/42', '', { content: [{ type: 'audio', audio: {} }], role: 'assistant', run_id: 'r-1' }),
    run('r-1', '0b7d3c5e/42', { status: 'requires_action' }),
    step('s-1', 'r-1', '0b7d3c5e/42'),
  ];
  await runCommand({ DATA_PATH: dataPath }, ['import', '-'], linesOf(objects));
  const server = await startServer({ DATA_PATH: dataPath });
  const { assistants, threads } = sdkOf(server.url);
  const thread_id = '0b7d3c5e/42';

  expect((await threads.retrieve(thread_id)).metadata).toEqual({ topic: thread_id });
  expect((await threads.messages.retrieve('m 1', { thread_id })).created_at).toBe(1_700_000_200);
  expect((await threads.messages.list(thread_id, { run_id: 'r-1' })).data.map(({ id }) => id)).toEqual(['m-2']);
  expect((await threads.runs.steps.list('r-1', { thread_id })).data.map(({ id }) => id)).toEqual(['s-1']);
  await threads.messages.create(thread_id, { role: 'user', content: 'Still there?' });
  const next = await threads.runs.createAndPoll(thread_id, { assistant_id: 'a-1' });
  expect(next.status).toBe('completed');
  await threads.update(thread_id, { metadata: { topic: 'new' } });
  await assistants.update('a-1', { name: 'Renamed' });

  const missing = [
    [() => threads.retrieve('0b7d3c5e/43'), BadRequestError],
    [() => threads.retrieve('thread_43'), NotFoundError],
    [() => threads.runs.create(thread_id, { assistant_id: 'a-2' }), BadRequestError],
    [() => threads.messages.list(thread_id, { run_id: 'r-2' }), BadRequestError],
  ] as const;
  for (const [call, kind] of missing) await expect(call()).rejects.toBeInstanceOf(kind);
  await server.stop();
});

const many = [...Array(300).keys()].flatMap((number) => [
  thread(`t-${number}`),
  ...[...Array(20).keys()].map((index) => message(`t-${number}-m-${index}`, `t-${number}`, `${index}`)),
  run(`r-${number}`, `t-${number}`),
]);

test('an import that is killed at any moment and repeated has everything once', async () => {
  const env = { DATA_PATH: join(newDirectory(), 'engine.db') };
  const input = linesOf(many);
  let killed = 0;
  for (let round = 0; round < 4; round += 1) {
    const { child, result } = startCommand(env, ['import', '-'], input);
    const wal = `${env.DATA_PATH}-wal`;
    // From the first commit on.
    while (child.exitCode === null && !(existsSync(wal) && statSync(wal).size > 100_000 * (round + 1))) await pause(5);
    child.kill('SIGKILL');
    if ((await result).code === null) killed += 1;
  }
  expect(killed).toBeGreaterThan(0);
  expect((await runCommand(env, ['import', '-'], input)).code).toBe(0);
  const { stdout } = await runCommand(env, ['export', '-']);
  expect(objectsIn(stdout)).toEqual(many);
});

test('an export that is killed at any moment and repeated has everything once', async () => {
  const directory = newDirectory();
  const env = { DATA_PATH: join(directory, 'engine.db') };
  const file = join(directory, 'export.jsonl');
  await runCommand(env, ['import', '-'], linesOf(many));
  const server = await startServer(env);
  const from = { ASSISTANTS_BASE_URL: `${server.url}/v1` };
  let killed = 0;
  for (let round = 0; round < 4 && !existsSync(file); round += 1) {
    const { child, result } = startCommand(from, ['export', file], '');
    const isBeyond = (size: number) => existsSync(`${file}.partial`) && statSync(`${file}.partial`).size > size;
    while (child.exitCode === null && !isBeyond(200_000 * (round + 1))) await pause(2);
    child.kill('SIGKILL');
    if ((await result).code === null) killed += 1;
  }
  expect(killed).toBeGreaterThan(0);
  const last = await runCommand(from, ['export', file]);
  expect(last.stderr).toContain('Goes on after the thread t-');
  expect(last.code).toBe(0);
  expect(objectsIn(readFileSync(file, 'utf8'))).toEqual(many);
  await server.stop();
});
