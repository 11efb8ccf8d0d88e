import { readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { externalRunner } from '../../src/engine/codeInterpreter/externalRunner.ts';
import type { EngineOptions } from '../../src/engine/engine.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { type clientOf, startClient, textOf } from './client.ts';
import { newDataPath } from './dataFiles.ts';
import { codeBlock, codeInterpreter } from './interpreter.ts';

interface RunnerRequest {
  session: string;
  new_session: boolean;
  code: string;
  timeout_ms: number;
  files: { name: string; content: string }[];
}

const key = 'the-key-of-the-runner';
const ok = (response: ServerResponse, body: object) => response.end(JSON.stringify(body));

/** A runner at a URL. `respond` gets the number of the request, from 1. */
const startRunner = async (
  respond: (response: ServerResponse, request: RunnerRequest, count: number) => void,
  options: Partial<EngineOptions> = {},
) => {
  const requests: RunnerRequest[] = [];
  let aborted = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.parse(await text(request)) as RunnerRequest;
    const isKnown = request.url === '/sandbox/run' && request.headers.authorization === `Bearer ${key}`;
    if (isKnown) respond(response, body, requests.push(body));
    else response.writeHead(401).end();
  };
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) aborted += 1;
    });
    void handle(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/sandbox`;
  const client = await startClient({ ...options, codeRunner: externalRunner({ url, key, callMs: 5000 }) });
  const assistant = await client.assistant({ tools: [codeInterpreter] });
  const lastText = async (run: RestRun) => textOf((await client.messages(run.thread_id)).data.at(-1));
  return { url, client, assistant, requests, aborted: () => aborted, lastText };
};

type Client = ReturnType<typeof clientOf>;

const runAgain = async (client: Client, { thread_id: threadId, assistant_id: assistantId }: RestRun, code: string) => {
  await client.post(`/threads/${threadId}/messages`, { role: 'user', content: codeBlock(code) });
  const run = await client.post<RestRun>(`/threads/${threadId}/runs`, { assistant_id: assistantId });
  return client.until(run, 'completed');
};

const base64 = (content: string) => Buffer.from(content).toString('base64');

test('a runner at a URL gets the code, and what it returns becomes logs, files and images', async () => {
  const { client, assistant, requests, lastText } = await startRunner((response) =>
    ok(response, {
      logs: 'hello\n',
      images: [base64('PNG')],
      files: [{ name: 'a.csv', content: base64('1,2') }],
      notes: ['A note.'],
    }),
  );
  const done = await client.until(await client.start(assistant, codeBlock('code')), 'completed');
  expect(requests).toEqual([
    { session: done.thread_id, new_session: true, code: 'code\n', timeout_ms: 5000, files: [] },
  ]);
  const [step] = (await client.steps(done)).data;
  expect(step?.step_details).toMatchObject({
    tool_calls: [
      {
        code_interpreter: {
          outputs: [
            { type: 'logs', logs: 'hello\n[A note.]' },
            { type: 'image', image: { file_id: expect.stringMatching(/^file-/u) } },
          ],
        },
      },
    ],
  });
  expect(await lastText(done)).toContain('Written: sandbox:/mnt/data/a.csv');
});

test('a session of a runner at a URL gets each file once, and all of them again after the runner has ended it', async () => {
  const { client, assistant, requests } = await startRunner((response, { new_session: isNew }, count) => {
    if (count === 1) return ok(response, { files: [{ name: 'é b.csv', content: base64('1,2') }] });
    if (count === 3 && !isNew) return response.writeHead(404).end();
    return ok(response, {});
  });
  const first = await client.until(await client.start(assistant, codeBlock('1')), 'completed');
  await runAgain(client, first, '2');
  await runAgain(client, first, '3');
  expect(requests.map(({ code, new_session: isNew, files }) => [code, isNew, files])).toEqual([
    ['1\n', true, []],
    ['2\n', false, []],
    ['3\n', false, []],
    ['3\n', true, [{ name: 'é b.csv', content: base64('1,2') }]],
  ]);
});

test('a runner at a URL gets no file that is too large, and files only up to a size of all together', async () => {
  const { url, requests } = await startRunner((response) => ok(response, { notes: ['A note.'] }));
  const runner = externalRunner({ url, key, callMs: 5000 });
  onTestFinished(() => runner.close());
  const mebibyte = 1024 * 1024;
  const read: string[] = [];
  const files = ['huge', 'one', 'two', 'three', 'four'].map((name) => ({
    id: name,
    name,
    bytes: (name === 'huge' ? 65 : 40) * mebibyte,
    async *read() {
      read.push(name);
      yield await Promise.resolve(Buffer.from(name));
    },
  }));
  const request = { sessionId: 'a', code: '1', files: () => Promise.resolve(files) };
  const { notes } = await runner.run(request, new AbortController().signal);
  expect(requests[0]?.files.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
  expect(read).toEqual(['one', 'two', 'three']);
  expect(notes).toEqual([
    'The file huge is larger than 64 MiB: it is missing.',
    'The file four is missing: the files are too large together.',
    'A note.',
  ]);
});

test('a file of this server that cannot be read fails the call and is logged as such, and is no failure of the runner', async () => {
  const [dataPath, lines] = [newDataPath(), [] as string[]];
  const log = (line: string) => void lines.push(line);
  const { client, assistant, requests, lastText } = await startRunner((response) => ok(response, {}), {
    dataPath,
    log,
  });
  const { id } = await client.upload('data.csv', '1,2');
  for (const entry of readdirSync(`${dataPath}.files`, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) rmSync(join(entry.parentPath, entry.name));

  const tool_resources = { code_interpreter: { file_ids: [id] } };
  const thread = { messages: [{ role: 'user', content: codeBlock('1') }], tool_resources };
  const done = await client.until(await client.start(assistant, '', { thread }), 'completed');
  expect(await lastText(done)).toContain('code_interpreter returned: The tool failed.');
  expect(lines).toEqual([expect.stringMatching(/^the tool code_interpreter failed, call .*: There is no content/u)]);

  const next = await client.until(await client.start(assistant, codeBlock('2')), 'completed');
  expect(await lastText(next)).toContain('printed nothing');
  expect(requests.map(({ code }) => code)).toEqual(['2\n']);
});

test.each<[string, (response: ServerResponse) => void, string]>([
  ['an error', (response) => response.writeHead(500).end('secret detail'), 'the runner returned the status 500.'],
  ['no JSON', (response) => response.end('<html>'), 'the runner returned no JSON.'],
  ['other JSON', (response) => ok(response, { logs: 1 }), 'the runner returned JSON of another form'],
  ['a cut connection', (response) => response.destroy(), 'the runner cannot be reached.'],
  [
    'a name that leads elsewhere',
    (response) => ok(response, { files: [{ name: '../../etc/passwd', content: '' }] }),
    '[A file is not kept: its name has characters that are not allowed.]',
  ],
  [
    'more files than allowed',
    (response) => ok(response, { files: Array.from({ length: 21 }, (_, name) => ({ name: `${name}`, content: '' })) }),
    'the runner returned JSON of another form',
  ],
])('a runner at a URL that returns %s fails the call with the reason, not the run', async (_, respond, reason) => {
  const { client, assistant, lastText, url } = await startRunner(respond);
  const done = await client.until(await client.start(assistant, codeBlock('1')), 'completed');
  const shown = await lastText(done);
  expect(shown).toContain(reason);
  expect(shown).not.toContain('secret detail');
  expect(shown).not.toContain(new URL(url).host);
  expect(shown).not.toContain(key);
});

test('cancelling a run ends its request to a runner at a URL', async () => {
  const { client, assistant, requests, aborted } = await startRunner(() => undefined);
  const run = await client.start(assistant, codeBlock('1'));
  await expect.poll(() => requests.length).toBe(1);
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  await client.until(run, 'cancelled');
  await expect.poll(aborted).toBe(1);
});
