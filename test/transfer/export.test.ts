import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newDirectory } from '../engine/dataFiles.ts';
import { restList } from '../graph/restList.ts';
import { refusal, startUpstream, type UpstreamCall } from '../support/upstream.ts';
import { objectsIn, runCommand } from './command.ts';
import { assistant, message, run, step, thread } from './objects.ts';

const threads = ['t-1', 't-2', 't-3', 't-4'].map((id) => thread(id));
const messagesIn = (threadId: string) =>
  Array.from({ length: 120 }, (_, index) => message(`${threadId}-m-${index}`, threadId, `${index}`));
const runsIn = (threadId: string) => [run(`${threadId}-r-1`, threadId), run(`${threadId}-r-2`, threadId)];
const stepsIn = (runId: string, threadId: string) => [step(`${runId}-s-1`, runId, threadId)];

/** A server with four threads. `answer` may answer a call in its place. */
const startServerOf = async (answer: (call: UpstreamCall) => unknown = () => undefined) => {
  const upstream = await startUpstream((call) => {
    const own = answer(call);
    if (own !== undefined) return own;
    const [, list, threadId = '', kind, runId = ''] = call.path.split('/');
    if (list === 'files' || list === 'vector_stores') return refusal(404, `Invalid URL (GET ${call.path})`);
    if (list === 'assistants') return restList([assistant('a-1'), assistant('a-2')])(call);
    if (threadId === '') return restList(threads)(call);
    const found = threads.find(({ id }) => id === threadId);
    if (found === undefined) return refusal(404, `No thread found with id '${threadId}'.`);
    if (kind === undefined) return found;
    if (kind === 'messages') return restList(messagesIn(threadId))(call);
    return restList(runId === '' ? runsIn(threadId) : stepsIn(runId, threadId))(call);
  });
  onTestFinished(() => upstream.close());
  const directory = newDirectory();
  const env = { ASSISTANTS_BASE_URL: upstream.url, ASSISTANTS_MAX_RETRIES: '0' };
  return {
    upstream,
    env,
    file: join(directory, 'export.jsonl'),
    ids: (...lines: string[]) => {
      const path = join(directory, 'ids.txt');
      writeFileSync(path, lines.join('\n'));
      return path;
    },
    run: (args: string[], input?: string, more = {}) => runCommand({ ...env, ...more }, args, input),
  };
};

/** What an export of these threads holds, in its order. */
const exportOf = (...ids: string[]) => [
  assistant('a-1'),
  assistant('a-2'),
  ...threads
    .filter(({ id }) => ids.includes(id))
    .flatMap((one) => [
      one,
      ...messagesIn(one.id),
      ...runsIn(one.id).flatMap((each) => [each, ...stepsIn(each.id, one.id)]),
    ]),
];
const all = exportOf('t-1', 't-2', 't-3', 't-4');

/** No thread of the list but those named in the command line. */
const withoutList = ({ path }: UpstreamCall) => (path === '/threads' ? refusal(404, 'Invalid URL') : undefined);

test('an export has all objects in the order of their lists, oldest first, each thread with its own', async () => {
  const server = await startServerOf();
  const { code, stderr } = await server.run(['export', server.file]);
  expect(stderr).toContain('Done: 2 assistants, 4 threads, 480 messages, 8 runs, 8 steps');
  expect(code).toBe(0);
  expect(objectsIn(readFileSync(server.file, 'utf8'))).toEqual(all);
  expect(existsSync(`${server.file}.partial`)).toBe(false);
  // A page of 100 costs one call, and listed threads are not read again.
  const calls = server.upstream.paths();
  expect(calls.filter((call) => call.includes('/messages'))).toHaveLength(8);
  // Of files and vector stores it is only asked whether there are any.
  expect(calls).toHaveLength(2 + 1 + 1 + 4 * (2 + 1 + 2));
  expect(server.upstream.calls.every(({ headers }) => headers['openai-beta'] === 'assistants=v2')).toBe(true);
});

test('an export to standard output of many pages writes nothing but its progress to standard error', async () => {
  const messages = Array.from({ length: 2000 }, (_, index) => message(`m-${index}`, 't-1', 'x'.repeat(200)));
  const server = await startServerOf((call) =>
    call.path === '/threads/t-1/messages' ? restList(messages)(call) : undefined,
  );
  const { code, stderr } = await server.run(['export', '-']);
  expect(stderr.trim().split('\n')).toEqual([
    'GET /files: this upstream does not support files. No files are exported.',
    'GET /vector_stores: this upstream does not support vector stores. No vector stores are exported.',
    expect.stringMatching(/^Done: .* 2360 messages/),
  ]);
  expect(code).toBe(0);
});

test('assistants of a server that knows no `include[]` are exported without it', async () => {
  const server = await startServerOf(({ path, query }) =>
    path === '/assistants' && 'include[]' in query ? refusal(400, "Unknown parameter: 'include[]'.") : undefined,
  );
  const { code, stdout } = await server.run(['export', '-']);
  expect(code).toBe(0);
  expect(objectsIn(stdout)).toEqual(all);
});

test('steps are exported with the texts that file searches found', async () => {
  const server = await startServerOf();
  await server.run(['export', '-']);
  const steps = server.upstream.calls.filter(({ path }) => path.endsWith('/steps'));
  for (const { query } of steps) expect(query['include[]']).toMatch(/file_search\.results/);
});

test('over a server without a list of threads, the threads are those of a file or of standard input', async () => {
  const server = await startServerOf(withoutList);
  const ids = ['t-3', '', '  t-1\r'];
  const written = exportOf('t-3').concat(exportOf('t-1').slice(2));

  const none = await server.run(['export', '-']);
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/does not support a list of threads\. .* --threads FILE/);

  const fromFile = await server.run(['export', '-', '--threads', server.ids(...ids)]);
  expect(fromFile.code).toBe(0);
  expect(objectsIn(fromFile.stdout)).toEqual(written);

  const fromInput = await server.run(['export', '-', '--threads', '-'], ids.join('\n'));
  expect(objectsIn(fromInput.stdout)).toEqual(written);
});

test('threads that do not exist are named and left out', async () => {
  const server = await startServerOf();
  const { code, stderr, stdout } = await server.run(['export', '-', '--threads', server.ids('t-1', 't-9', 't-2')]);
  expect(stderr).toContain('There is no thread t-9; it was left out.');
  expect(code).toBe(2);
  expect(objectsIn(stdout)).toEqual(exportOf('t-1', 't-2'));
});

test.each([
  ['the list of the server', []],
  ['a file of ids', ['--threads', 'ids']],
])('an export that stopped goes on after its last complete thread, with the threads of %s', async (_, args) => {
  let isDown = true;
  const server = await startServerOf(({ path }) =>
    isDown && path === '/threads/t-3/runs/t-3-r-2/steps' ? refusal(500, 'Down for now.') : undefined,
  );
  const ids = server.ids('t-1', 't-2', 't-3', 't-4');
  const command = ['export', server.file, ...args.map((arg) => (arg === 'ids' ? ids : arg))];
  const stopped = await server.run(command);
  expect(stopped.stderr).toContain('Repeat the command to go on from there.');
  expect(stopped.stderr).toContain('GET /threads/t-3/runs/t-3-r-2/steps returned 500: Down for now.');
  expect(stopped.code).toBe(1);
  expect(existsSync(server.file)).toBe(false);

  isDown = false;
  server.upstream.calls.length = 0;
  const continued = await server.run(command);
  expect(continued.stderr).toContain('Goes on after the thread t-2.');
  expect(continued.code).toBe(0);
  expect(objectsIn(readFileSync(server.file, 'utf8'))).toEqual(all);
  const again = server.upstream.paths().filter((call) => /assistants|t-[12]\/(messages|runs)/.test(call));
  expect(again).toEqual([]);
});

test.each([
  ['in the middle of the assistants', (text: string) => text.slice(0, 30)],
  ['before the first thread', (text: string) => text.slice(0, text.indexOf('{"id":"t-1"'))],
  ['in the middle of the first thread', (text: string) => text.slice(0, text.indexOf('"t-1-m-7"'))],
  ['in the middle of a line', (text: string) => text.slice(0, text.indexOf('"t-3-m-7"') + 20)],
  ['at the end', (text: string) => text],
])('an export that was killed %s is completed', async (_, cut) => {
  const server = await startServerOf();
  const text = all.map((object) => `${JSON.stringify(object)}\n`).join('');
  writeFileSync(`${server.file}.partial`, cut(text));
  expect((await server.run(['export', server.file])).code).toBe(0);
  expect(readFileSync(server.file, 'utf8')).toBe(text);
});

test('an export does not overwrite a file', async () => {
  const server = await startServerOf();
  writeFileSync(server.file, 'precious');
  const { code, stderr } = await server.run(['export', server.file]);
  expect(stderr).toContain(`${server.file} exists; give another name, or delete it first.`);
  expect(code).toBe(1);
  expect(readFileSync(server.file, 'utf8')).toBe('precious');
  expect(server.upstream.calls).toEqual([]);
});

test('temporary failures are retried within ASSISTANTS_MAX_RETRIES', async () => {
  const failed = new Set<string>();
  const server = await startServerOf(({ path }) => {
    if (failed.has(path)) return undefined;
    failed.add(path);
    return refusal(429, 'Slow down.');
  });
  const { code, stdout } = await server.run(['export', '-'], '', { ASSISTANTS_MAX_RETRIES: '1' });
  expect(code).toBe(0);
  expect(objectsIn(stdout)).toEqual(all);
});

test('no more calls run at a time than ASSISTANTS_MAX_SOCKETS', async () => {
  const server = await startServerOf();
  expect((await server.run(['export', '-'], '', { ASSISTANTS_MAX_SOCKETS: '2' })).code).toBe(0);
  expect(server.upstream.connections.most).toBeLessThanOrEqual(2);
});

test('a server that ignores `after` stops the export instead of being read forever', async () => {
  const server = await startServerOf((call) =>
    call.path.endsWith('/messages') ? restList(messagesIn('t-1'))({ ...call, query: { limit: '100' } }) : undefined,
  );
  const { code, stderr } = await server.run(['export', '-']);
  expect(stderr).toContain('it does not support `after`');
  expect(code).toBe(1);
});

test('no key is in what an export writes', async () => {
  const server = await startServerOf(({ path, headers }) =>
    path === '/assistants' ? refusal(401, `Incorrect API key provided: ${headers.authorization}.`) : undefined,
  );
  const { code, stderr, stdout } = await server.run(['export', '-'], '', { ASSISTANTS_API_KEY: 'sk-very-secret' });
  expect(code).toBe(1);
  expect(stderr).toContain('GET /assistants returned 401');
  expect(stderr + stdout).not.toContain('sk-very-secret');
});
