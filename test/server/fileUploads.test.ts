import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { RestErrorBody } from '../../src/wire/error.ts';
import type { RestFile } from '../../src/wire/file.ts';
import { type App, openApp } from '../access/apps.ts';
import { storedIn } from '../engine/filesWorld.ts';

// Forms that no SDK sends, to the whole server over real sockets.

const MAX_FILE_BYTES = 1_000_000;
const directory = mkdtempSync(join(tmpdir(), 'uploads-'));
const dataPath = join(directory, 'engine.db');

let app: App;
beforeAll(async () => {
  app = await openApp({ DATA_PATH: dataPath, MAX_FILE_BYTES: String(MAX_FILE_BYTES) });
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});
afterEach(async () => {
  // The server still works, and nothing was created.
  const { data } = (await (await app.rest('GET', '/files')).json()) as { data: RestFile[] };
  for (const { id } of data) await app.rest('DELETE', `/files/${id}`);
  await vi.waitFor(async () => {
    const stored = await storedIn(dataPath);
    if (stored.length > 0) throw new Error(`${stored.length} contents remain`);
  });
});

const BOUNDARY = 'frontier';
const formType = `multipart/form-data; boundary=${BOUNDARY}`;

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly content: string;
  readonly headers?: string;
}

const partOf = ({ name, filename, content, headers = '' }: Part) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n${headers}\r\n${content}\r\n`;
const formOf = (...parts: Part[]) => `${parts.map(partOf).join('')}--${BOUNDARY}--\r\n`;

const purpose: Part = { name: 'purpose', content: 'assistants' };
const file: Part = { name: 'file', filename: 'a.txt', content: 'hello' };

const post = async (body: BodyInit | null, contentType = formType) => {
  const response = await fetch(`${app.url}/v1/files`, {
    method: 'POST',
    // Of a form without a type, fetch writes one.
    headers: contentType === '' ? {} : { 'content-type': contentType },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
  return { status: response.status, body: (await response.json()) as RestFile & RestErrorBody };
};

/** The status and the message of the error. */
const errorOf = async (...sent: Parameters<typeof post>) => {
  const { status, body } = await post(...sent);
  return `${status} ${body.error?.message ?? 'no error'}`;
};

/** Until a content has been written, by which time the server has synced it too. */
const staged = async () => {
  await vi.waitFor(async () => {
    if ((await storedIn(dataPath)).length === 0) throw new Error('nothing is being written');
  });
  await pause(100);
};

const filesAfter = async () => ((await (await app.rest('GET', '/files')).json()) as { data: RestFile[] }).data;

test('a connection that is closed after any byte of a form creates no file', async () => {
  const form = formOf(file, purpose);
  for (let length = 0; length < form.length; length += 1) {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${formType}\r\nContent-Length: ${form.length}\r\n\r\n`;
    await new Promise((resolve) => socket.write(head + form.slice(0, length), resolve));
    socket.destroy();
    await once(socket, 'close');
  }
  expect(await filesAfter()).toEqual([]);
  expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('a form that ends after any byte before its end is rejected', async () => {
  const form = formOf(file, purpose);
  const end = form.lastIndexOf('\r\n');
  for (let length = 0; length < end; length += 1) {
    const { status, body } = await post(form.slice(0, length));
    expect([length, status, body.error.type]).toEqual([length, 400, 'invalid_request_error']);
  }
  // The last line break is not required.
  expect((await post(form.slice(0, end))).status).toBe(200);
});

test('a form that ends after its file was written creates no file', async () => {
  const chunks = [partOf(file), `--${BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassist`];
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const chunk = chunks.shift();
        if (chunk === undefined) return controller.close();
        if (chunks.length === 0) await staged();
        return controller.enqueue(Buffer.from(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  expect(await errorOf(body)).toMatch(/^400 We could not parse/u);
  expect(await filesAfter()).toEqual([]);
});

test.each([
  ['no file', formOf(purpose), "Missing required parameter: 'file'."],
  ['no purpose', formOf(file), "Missing required parameter: 'purpose'."],
  [
    'an unknown purpose',
    formOf(file, { ...purpose, content: 'fun' }),
    "Invalid value: 'fun'. Supported values are: 'assistants', 'batch', 'fine-tune', 'vision', 'user_data', and 'evals'.",
  ],
  ['two files', formOf(file, file, purpose), "Invalid 'file': expected one file, but got several."],
  ['another file', formOf({ ...file, name: 'x' }, file, purpose), "Unexpected file 'x'. Only 'file' may be a file."],
  [
    'a text instead of a file',
    formOf({ name: 'file', content: 'hello' }, purpose),
    "Invalid type for 'file': expected a file, but got a string instead.",
  ],
  ['two purposes', formOf(purpose, file, purpose), "Invalid 'purpose': expected one value, but got several."],
  ['an unknown field', formOf(file, purpose, { name: 'x', content: '' }), "Unknown parameter: 'x'."],
  [
    'a field named __proto__',
    formOf(file, purpose, { name: '__proto__', content: '' }),
    "Unknown parameter: '__proto__'.",
  ],
  [
    'a field in __proto__',
    formOf(file, purpose, { name: '__proto__[purpose]', content: 'x' }),
    "Unknown parameter: '__proto__'.",
  ],
  [
    'a lifetime that is too short',
    formOf(
      file,
      purpose,
      { name: 'expires_after[anchor]', content: 'created_at' },
      { name: 'expires_after[seconds]', content: '3599' },
    ),
    "Invalid 'expires_after.seconds': integer below minimum value. Expected a value >= 3600, but got 3599 instead.",
  ],
  [
    'a lifetime that is no number',
    formOf(
      file,
      purpose,
      { name: 'expires_after[anchor]', content: 'created_at' },
      { name: 'expires_after[seconds]', content: 'soon' },
    ),
    "Invalid type for 'expires_after.seconds': expected an integer, but got a string instead.",
  ],
  [
    'a purpose of 100 kB',
    formOf(file, { ...purpose, content: 'x'.repeat(100_000) }),
    "Invalid 'purpose': expected a name and a value of at most 16384 bytes.",
  ],
  [
    '5,000 fields',
    formOf(...Array.from({ length: 5000 }, (_, index) => ({ name: `f${index}`, content: '' })), file, purpose),
    'Too many parts in the form. Expected at most 20.',
  ],
  [
    '5,000 parts without a name',
    `${`--${BOUNDARY}\r\nX: y\r\n\r\nz\r\n`.repeat(5000)}${formOf(file, purpose)}`,
    'Too many parts in the form. Expected at most 22.',
  ],
  [
    'a header of 1 MB before the name of its file',
    `--${BOUNDARY}\r\nX-Long: ${'x'.repeat(1_000_000)}\r\n${partOf(file).slice(BOUNDARY.length + 4)}${formOf(purpose)}`,
    "Missing required parameter: 'file'.",
  ],
  [
    'an encoded line break in its filename',
    formOf(file, purpose).replace('filename="a.txt"', "filename*=UTF-8''a%0d%0ab"),
    "Missing required parameter: 'file'.",
  ],
  ['no filename', formOf({ ...file, filename: '' }, purpose), filenameError()],
  ['a NUL in its filename', formOf({ ...file, filename: 'a\u0000b' }, purpose), filenameError()],
  ['an escape character in its filename', formOf({ ...file, filename: 'a\u001bb' }, purpose), filenameError()],
  ['a filename of 256 characters', formOf({ ...file, filename: 'x'.repeat(256) }, purpose), filenameError()],
  ['only dots as its filename', formOf({ ...file, filename: '../..' }, purpose), filenameError()],
  [
    'other bytes',
    'hello',
    'We could not parse the multipart form data of your request: Unexpected end of multipart data.',
  ],
  ['no bytes', null, 'We could not parse the multipart form data of your request: Unexpected end of multipart data.'],
])('a form with %s is rejected', async (_, form, message) => {
  expect(await errorOf(form)).toBe(`400 ${message}`);
});

function filenameError() {
  return "Invalid 'file': expected a filename of 1 to 255 characters, without control characters.";
}

test.each([
  ['no type', ''],
  ['another type', 'application/json'],
  ['no boundary', 'multipart/form-data'],
  ['a type that only begins like a form’s', 'multipart/form-datax; boundary=frontier'],
])('a body with %s is rejected', async (_, contentType) => {
  expect(await errorOf(new Blob([formOf(file, purpose)]).stream(), contentType)).toBe(
    "400 Expected a body of the type 'multipart/form-data' with a boundary, as HTML forms and the SDKs send it.",
  );
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\windows\\win.ini', 'win.ini'],
  ['/etc/passwd', 'passwd'],
  ['a\r\nX-Evil: yes', 'a'],
  ['a%0D%0Ab', 'a%0D%0Ab'],
  ['日本 "x" %00.html', '日本 "x" %00.html'],
])('the filename %s is stored without its path, and served as an attachment', async (sent, kept) => {
  const { status, body } = await post(
    formOf({ ...file, filename: sent.replaceAll(/["\\]/gu, '\\$&'), content: '<script>alert(1)</script>' }, purpose),
  );
  expect([status, body.filename]).toEqual([200, kept]);
  const content = await app.rest('GET', `/files/${body.id}/content`);
  expect(await content.text()).toBe('<script>alert(1)</script>');
  expect(Object.fromEntries(content.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '25',
    'x-content-type-options': 'nosniff',
    'content-disposition': expect.stringMatching(/^attachment; filename="[ -~]*"; filename\*=UTF-8''[\w.%-]+$/u),
  });
  const [, name = ''] = content.headers.get('content-disposition')?.split("UTF-8''") ?? [];
  expect(decodeURIComponent(name)).toBe(kept);
});

test('a file of 0 bytes is a file', async () => {
  const { body } = await post(formOf({ ...file, content: '' }, purpose));
  expect(body).toMatchObject({ bytes: 0, filename: 'a.txt' });
  const content = await app.rest('GET', `/files/${body.id}/content`);
  expect([content.status, await content.text()]).toEqual([200, '']);
});

test('content that looks like the boundary is kept', async () => {
  const content = `\r\n--${BOUNDARY.slice(0, -1)}\r\n--\r\n${BOUNDARY}--`;
  const { body } = await post(formOf({ ...file, content }, purpose));
  expect(await (await app.rest('GET', `/files/${body.id}/content`)).text()).toBe(content);
});

test('a file that is too large is rejected by its announced size, before it is sent', async () => {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (data) => {
    received += String(data);
  });
  socket.write(
    `POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${formType}\r\nContent-Length: 99999999\r\n\r\n--`,
  );
  await once(socket, 'close');
  expect(received).toMatch(/^HTTP\/1\.1 413 /u);
  expect(received).toContain('File is too large: expected at most 1000000 bytes, but got a body of 99999999 bytes.');
});

test('a file that turns out to be too large is rejected while it is sent, and nothing of it remains', async () => {
  const head = partOf({ ...file, content: '' }).slice(0, -2);
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(head)),
    pull: (controller) => {
      sent += 65_536;
      controller.enqueue(Buffer.alloc(65_536));
    },
  });
  expect(await errorOf(endless)).toBe('413 File is too large: expected at most 1000000 bytes, but got more.');
  // What the sockets of both sides hold, and no more.
  expect(sent).toBeLessThan(64_000_000);
});

test('a file of exactly the maximum size is stored', async () => {
  const form = new FormData();
  form.append('purpose', 'assistants');
  form.append('file', new Blob([new Uint8Array(MAX_FILE_BYTES)]), 'a.bin');
  const { body } = await post(form, '');
  expect(body.bytes).toBe(MAX_FILE_BYTES);
});
