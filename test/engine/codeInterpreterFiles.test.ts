import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RestFile } from '../../src/wire/file.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { codeBlock, codeInterpreter, startInterpreter } from './interpreter.ts';
import { requestTo, textOf } from './client.ts';

let interpreter: Awaited<ReturnType<typeof startInterpreter>>;

beforeAll(async () => {
  interpreter = await startInterpreter();
});
afterAll(() => interpreter.engine.close());

const upload = (name: string, content: BlobPart) => interpreter.client.upload(name, content);

const download = async (fileId: string): Promise<Uint8Array<ArrayBuffer>> => {
  const response = await interpreter.engine.fetch(new Request(`http://engine.test/v1/files/${fileId}/content`));
  return new Uint8Array(await response.arrayBuffer());
};

const annotationsOf = (message: RestMessage | undefined) =>
  (message?.content ?? []).flatMap((part) => (part.type === 'text' ? part.text.annotations : []));

/** A PNG of one pixel, by Python's standard library. */
const writePng = (path: string) => `import struct, zlib
def chunk(kind, data):
    body = kind + data
    return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))
with open('${path}', 'wb') as file:
    file.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 2, 0, 0, 0))
        + chunk(b'IDAT', zlib.compress(b'\\0\\xff\\0\\0')) + chunk(b'IEND', b''))
`;

test('a file that the code writes is a file of the API, and its link in the message is annotated with exact indices', async () => {
  const { run, client } = interpreter;
  const { message, run: done } = await run(
    `open('/mnt/data/a b.csv', 'w').write('1,2')\nopen('a b.csv.bak', 'w').close()`,
  );
  const text = textOf(message);
  const annotations = annotationsOf(message);
  expect(annotations.map((annotation) => annotation.text).toSorted()).toEqual([
    'sandbox:/mnt/data/a b.csv',
    'sandbox:/mnt/data/a b.csv.bak',
  ]);
  for (const annotation of annotations) {
    expect(text.slice(annotation.start_index, annotation.end_index)).toBe(annotation.text);
  }
  const csv = annotations.find((annotation) => annotation.text.endsWith('.csv'));
  const fileId = csv?.type === 'file_path' ? csv.file_path.file_id : '';
  expect(await client.get(`/files/${fileId}`)).toMatchObject({
    filename: 'a b.csv',
    purpose: 'assistants_output',
    bytes: 3,
  });
  expect(Buffer.from(await download(fileId)).toString()).toBe('1,2');

  const events = await client.events('GET', `/threads/${done.thread_id}/runs/${done.id}/events`);
  const streamed = events
    .filter(({ event }) => event === 'thread.message.delta')
    .flatMap(({ data }) => (data as { delta: { content: { text?: { annotations?: object[] } }[] } }).delta.content)
    .flatMap(({ text: part }) => part?.annotations ?? []);
  expect(streamed).toEqual(annotations.map((annotation, index) => ({ index, ...annotation })));
});

test('a link to a file whose name has the special characters of regular expressions is annotated', async () => {
  const { message } = await interpreter.run(`open('/mnt/data/a-b (1)+c=~,@.é.csv', 'w').close()`);
  expect(annotationsOf(message).map(({ text }) => text)).toEqual(['sandbox:/mnt/data/a-b (1)+c=~,@.é.csv']);
});

test('links that no code wrote a file for are left as text', async () => {
  const { message } = await interpreter.run(`print('sandbox:/mnt/data/invented.csv')`);
  expect(textOf(message)).toContain('sandbox:/mnt/data/invented.csv');
  expect(annotationsOf(message)).toEqual([]);
});

test('a link to a file of an earlier run of the thread is annotated', async () => {
  const first = await interpreter.run(`open('kept.txt', 'w').write('kept')`);
  const second = await interpreter.run(`print('sandbox:/mnt/data/kept.txt')`, { after: first.run });
  expect(annotationsOf(second.message)).toMatchObject([
    {
      file_path: { file_id: (annotationsOf(first.message)[0] as { file_path: { file_id: string } }).file_path.file_id },
    },
  ]);
});

test('an image that the code writes is an output of the step and the first part of the message', async () => {
  const { run, client } = interpreter;
  const { message, images, logs, run: done } = await run(`${writePng('/mnt/data/dot.png')}print('drawn')`);
  expect(logs).toBe('drawn\n');
  expect(images).toHaveLength(1);
  expect(message?.content.map((part) => (part.type === 'image_file' ? part.image_file : part.type))).toEqual([
    { file_id: images[0] },
    'text',
  ]);
  expect(Buffer.from(await download(images[0] ?? '')).toString('latin1', 1, 4)).toBe('PNG');
  const events = await client.events('GET', `/threads/${done.thread_id}/runs/${done.id}/events`);
  expect(events.find(({ event }) => event === 'thread.message.delta')?.data).toMatchObject({
    delta: { content: [{ index: 0, type: 'image_file', image_file: { file_id: images[0] } }] },
  });
});

test.each([
  ['shows', 'plt.show()', 1],
  ['makes and does not show', '', 1],
  ['saves and shows', `plt.savefig('/mnt/data/plot.png')\nplt.show()`, 1],
])('a figure of matplotlib that the code %s is shown once', async (_, ending, count) => {
  const { images, logs } = await interpreter.run(
    `import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\n${ending}\nprint('done')`,
  );
  expect(logs).toBe('done\n');
  expect(images).toHaveLength(count);
  expect(Buffer.from(await download(images[0] ?? '')).toString('latin1', 1, 4)).toBe('PNG');
});

test('files of the assistant, of the thread and of messages are in /mnt/data by their names', async () => {
  const { client } = interpreter;
  const [first, second, third] = [
    await upload('data.csv', 'of the assistant'),
    await upload('data.csv', 'of the thread'),
    await upload('b/"c\n.txt', 'of the message'),
  ];
  const assistant = await client.assistant({
    tools: [codeInterpreter],
    tool_resources: { code_interpreter: { file_ids: [first.id] } },
  });
  const attachments = [{ file_id: third.id, tools: [codeInterpreter] }];
  const content = codeBlock(`import os\n[(name, open(name).read()) for name in sorted(os.listdir())]`);
  const thread = await client.post<{ id: string; tool_resources: object }>('/threads', {
    messages: [{ role: 'user', content, attachments }],
    tool_resources: { code_interpreter: { file_ids: [second.id] } },
  });
  expect(thread.tool_resources).toEqual({ code_interpreter: { file_ids: [second.id, third.id] } });
  const run = await client.post<RestRun>(`/threads/${thread.id}/runs`, { assistant_id: assistant.id });
  const done = await client.until(run, 'completed');
  expect(textOf((await client.messages(done.thread_id)).data.at(-1))).toContain(
    `('data-2.csv', 'of the assistant'), ('data.csv', 'of the thread')`,
  );
  expect(textOf((await client.messages(done.thread_id)).data.at(-1))).toContain(`'of the message'`);
});

test.each([
  ['three bytes', `${'表'.repeat(150)}.csv`, `${'表'.repeat(78)}.csv`],
  ['four bytes', `${'𠀀'.repeat(60)}a.csv`, `${'𠀀'.repeat(58)}a.csv`],
])('an uploaded file with a long name of characters of %s has the end of it', async (_, name, shown) => {
  const file = await upload(name, 'content');
  const by = await interpreter.client.assistant({
    tools: [codeInterpreter],
    tool_resources: { code_interpreter: { file_ids: [file.id] } },
  });
  const { logs } = await interpreter.run(`import os\nprint(*os.listdir('/mnt/data'))`, { by });
  expect(logs).toBe(`${shown}\n`);
});

test('variables and files are kept in a thread from run to run', async () => {
  const first = await interpreter.run(`x = 41\nopen('n.txt', 'w').write('kept')`);
  expect((await interpreter.run(`x + 1, open('n.txt').read()`, { after: first.run })).logs).toBe("(42, 'kept')\n");
});

test('a file that the code of a tenant writes is that of the tenant alone', async () => {
  const { engine } = interpreter;
  const send = async <Result>(tenant: string, method: string, path: string, body?: object): Promise<Result> =>
    (await (await engine.fetch(requestTo(method, path, body), tenant)).json()) as Result;
  const assistant = await send<{ id: string }>('bob', 'POST', '/assistants', { model: 'm', tools: [codeInterpreter] });
  const content = codeBlock(`open('/mnt/data/of-bob.txt', 'w').write('a')`);
  const created = await send<RestRun>('bob', 'POST', '/threads/runs', {
    assistant_id: assistant.id,
    thread: { messages: [{ role: 'user', content }] },
  });
  const path = `/threads/${created.thread_id}`;
  await expect
    .poll(async () => (await send<RestRun>('bob', 'GET', `${path}/runs/${created.id}`)).status, { timeout: 10_000 })
    .toBe('completed');
  const { data } = await send<{ data: RestFile[] }>('bob', 'GET', '/files');
  expect(data.map(({ filename }) => filename)).toEqual(['of-bob.txt']);
  const [file] = data;
  expect(await send('bob', 'GET', `/files/${file?.id}`)).toEqual(file);
  for (const tenant of ['alice', 'default']) {
    expect(await send(tenant, 'GET', `/files/${file?.id}`)).toMatchObject({ error: { type: 'invalid_request_error' } });
  }
});

test('no variable and no file of one thread is in another', async () => {
  await interpreter.run(`x = 41\nopen('/tmp/n.txt', 'w').write('a')\nopen('/mnt/data/m.txt', 'w').write('a')`);
  const { logs } = await interpreter.run(
    `import os\nprint('x' in globals(), os.path.exists('/tmp/n.txt'), os.listdir('/mnt/data'))`,
  );
  expect(logs).toBe('False False []\n');
});

test.each([
  ['a link to a file outside', `import os\nos.symlink('/usr/lib/os-release', '/mnt/data/link.txt')`, ''],
  ['a link to a folder outside', `import os\nos.symlink('/usr/lib', '/mnt/data/link')`, ''],
  ['a UNIX socket', `import socket\nsocket.socket(socket.AF_UNIX).bind('/mnt/data/socket')`, ''],
  [
    'a file with a line break in its name',
    `open('/mnt/data/a\\nb', 'w').close()`,
    '[A file is not kept: its name has characters that are not allowed.]',
  ],
  [
    'a forged file with .. in its name',
    `import os\nos.write(4, b'{"op":"file","name":"../../escaped","bytes":1}\\nx')\nNone`,
    '[A file is not kept: its name has characters that are not allowed.]',
  ],
  [
    'a forged file with an absolute name',
    `import os\nos.write(4, b'{"op":"file","name":"/etc/passwd","bytes":1}\\nx')\nNone`,
    '[A file is not kept: its name has characters that are not allowed.]',
  ],
  [
    'a file that is too large',
    `open('/mnt/data/large', 'wb').truncate(33 * 2**20)\nNone`,
    `[The file 'large' is too large to be kept.]`,
  ],
])('%s does not become a file', async (_, code, logs) => {
  const { run, message, logs: shown } = await interpreter.run(`${code}\nNone`);
  expect(run.status).toBe('completed');
  expect(shown).toBe(logs);
  expect(annotationsOf(message)).toEqual([]);
});

test('of many files the first are kept, and the output says how many are not', async () => {
  const { logs, message } = await interpreter.run(`for n in range(100): open(f'/mnt/data/{n:03}', 'w').close()`);
  expect(logs).toBe('[Of the files that the code wrote, 80 more are not kept.]');
  expect(annotationsOf(message)).toHaveLength(20);
});

test('an uploaded zip bomb is stopped when it is unpacked, and the next code of the thread runs', async () => {
  const { client } = interpreter;
  const bomb = await interpreter.run(`import zipfile
with zipfile.ZipFile('/mnt/data/bomb.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
    with archive.open('zeros', 'w', force_zip64=True) as member:
        for _ in range(200): member.write(bytes(10**6))`);
  const written = annotationsOf(bomb.message)[0];
  const uploaded = await upload(
    'bomb.zip',
    await download(written?.type === 'file_path' ? written.file_path.file_id : ''),
  );
  expect(uploaded.bytes).toBeLessThan(1_000_000);
  const by = await client.assistant({
    tools: [codeInterpreter],
    tool_resources: { code_interpreter: { file_ids: [uploaded.id] } },
  });
  const unpacked = await interpreter.run(`import zipfile\nzipfile.ZipFile('bomb.zip').extractall('/tmp')`, { by });
  expect(unpacked.logs).toMatch(/OSError: .*(?:File too large|No space left)/u);
  expect((await interpreter.run('1 + 1', { after: unpacked.run, by })).logs).toBe('2\n');
});

test('the model gets the beginning and the end of a long output, and the step has all of it', async () => {
  const { logs, message } = await interpreter.run(`print('a' * 50_000 + 'z' * 50_000)`);
  expect(logs).toHaveLength(100_001);
  expect(textOf(message).length).toBeLessThan(21_000);
  expect(textOf(message)).toMatch(/aaa\n\[…\]\nzzz/u);
});
