import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createFile, formOf, send, upload } from '../graph/uploading.ts';
import { file } from '../graph/fixtures.ts';
import { startFacade } from '../support/facade.ts';

const query = createFile('fileId');
const operations = { query, variables: { file: null } };
const map = { 0: ['variables.file'] };

const refused = async (body: BodyInit, options = {}, headers: Record<string, string> = {}) => {
  const { url, upstream } = await startFacade({ 'POST /files': file }, options);
  const response = await send(url, body, headers);
  const { errors } = JSON.parse(await response.text());
  expect(upstream.calls).toEqual([]);
  await expect.poll(openFiles).toEqual([]);
  return { status: response.status, message: errors[0].message, code: errors[0].extensions.code };
};

/** A form whose parts are in this order. */
const form = (...parts: [name: string, content: string, filename?: string][]) => {
  const made = new FormData();
  for (const [name, content, filename] of parts) {
    if (filename === undefined) made.append(name, content);
    else made.append(name, new Blob([content]), filename);
  }
  return made;
};

const json = JSON.stringify;
const good: [string, string][] = [
  ['operations', json(operations)],
  ['map', json(map)],
];

describe('a multipart request is refused with status 400 if', () => {
  test.each<[string, FormData, RegExp]>([
    ['it has no fields', form(['0', 'a', 'a.txt']), /files must come after the fields `operations` and `map`/],
    ['it has no map', form(['operations', json(operations)]), /must have the fields `operations` and `map`/],
    ['a file comes before map', form(good[0] ?? ['', ''], ['0', 'a', 'a.txt'], good[1] ?? ['', '']), /must come after/],
    [
      'map comes before operations',
      form(['map', json(map)], ['operations', json(operations)]),
      /must come before `map`/,
    ],
    ['operations is there twice', form(good[0] ?? ['', ''], good[0] ?? ['', '']), /unexpected field "operations"/],
    ['it has another field', form(['token', 'x']), /unexpected field "token"/],
    ['it has another field after map', form(...good, ['token', 'x']), /fields `operations` and `map` only/],
    ['operations is not JSON', form(['operations', '{'], ['map', '{}']), /`operations` must be JSON/],
    ['map is not JSON', form(['operations', json(operations)], ['map', '{']), /`map` must be JSON/],
    ['map is a list', formOf(operations, [['variables.file']], {}), /`map` must be a JSON object/],
    ['map has no paths for a file', formOf(operations, { 0: [] }, {}), /list of 1 to 10 paths/],
    ['map has a path that is no text', formOf(operations, { 0: [7] }, {}), /must be strings/],
    ['map leads to the document', formOf(operations, { 0: ['query'] }, {}), /must lead to a variable/],
    ['map leads to nothing', formOf(operations, { 0: ['variables.picture'] }, {}), /null at "variables\.picture"/],
    ['map leads to a value', formOf({ query, variables: { file: 'x' } }, map, {}), /null at "variables\.file"/],
    [
      'map leads to a prototype',
      formOf(operations, { 0: ['variables.__proto__.file'] }, { 0: ['a.txt', 'a'] }),
      /null at "variables\.__proto__\.file"/,
    ],
    [
      'map has one place twice',
      formOf(operations, { 0: ['variables.file'], 1: ['variables.file'] }, {}),
      /has the path "variables\.file" twice/,
    ],
    ['a file is missing', formOf(operations, map, {}), /no file "0", which `map` names/],
    ['a file is not in map', formOf(operations, map, { 0: ['a.txt', 'a'], 1: ['b.txt', 'b'] }), /"1" is not in `map`/],
    ['a file is there twice', form(...good, ['0', 'a', 'a.txt'], ['0', 'b', 'b.txt']), /has the file "0" twice/],
    ['it is a batch', formOf([operations], { 0: ['0.variables.file'] }, {}), /must lead to a variable/],
    ['its operation is a list', formOf([operations], {}, {}), /Batches are not supported/],
  ])('%s', async (_, body, message) => {
    expect(await refused(body)).toEqual({
      status: 400,
      message: expect.stringMatching(message),
      code: 'BAD_USER_INPUT',
    });
    expect(leftOver()).toEqual([]);
  });

  test.each([
    ['no boundary', 'multipart/form-data; charset=utf-8', /content-type of a multipart request is not valid/],
    ['an end that is missing', 'multipart/form-data; boundary=b', /not multipart\/form-data/],
  ])('it has %s', async (_, type, message) => {
    const body = '--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}';
    expect(await refused(body, {}, { 'content-type': type })).toMatchObject({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test('it has more files than MAX_REQUEST_FILES', async () => {
    const files = { 0: ['variables.a'], 1: ['variables.b'] };
    const variables = { a: null, b: null };
    expect(await refused(formOf({ query, variables }, files, {}), { maxRequestFiles: 1 })).toMatchObject({
      status: 400,
      message: '`map` has 2 files. The maximum is 1, as set by MAX_REQUEST_FILES.',
    });
    const parts = form(...good, ['0', 'a', 'a.txt'], ['1', 'b', 'b.txt'], ['2', 'c', 'c.txt']);
    expect(await refused(parts, { maxRequestFiles: 1 })).toMatchObject({
      status: 400,
      message: expect.stringMatching(/too many files|not in `map`/),
    });
  });
});

describe('a multipart request is refused with its own status if', () => {
  const twoMiB = Buffer.alloc(2 * 1024 ** 2);

  test('its files are larger than MAX_REQUEST_FILE_BYTES, announced or not', async () => {
    const tooLarge = { status: 413, message: expect.stringContaining('may have 1048576 bytes together') };
    const body = formOf(operations, map, { 0: ['a.bin', twoMiB] });
    expect(await refused(body, { maxRequestFileBytes: 1024 ** 2, maxBodyBytes: 1024 })).toMatchObject(tooLarge);
    expect(await refused(body, { maxRequestFileBytes: 1024 ** 2 })).toMatchObject(tooLarge);
    expect(leftOver()).toEqual([]);
  });

  test('all uploads together are larger than MAX_SPOOLED_BYTES, and not after that', async () => {
    const { url } = await startFacade({ 'POST /files': file }, { maxSpooledBytes: 1024 ** 2 });
    const response = await send(url, formOf(operations, map, { 0: ['a.bin', twoMiB] }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.text()).toContain('MAX_SPOOLED_BYTES');

    const small = Buffer.alloc(900 * 1024);
    for (let n = 0; n < 3; n += 1) {
      expect(await upload(url, formOf(operations, map, { 0: ['a.bin', small] }))).toMatchObject({ data: {} });
    }
  });

  test('its operations are larger than MAX_BODY_BYTES', async () => {
    const long = { query, variables: { file: null, text: 'x'.repeat(3000) } };
    expect(await refused(formOf(long, map, { 0: ['a', 'a'] }), { maxBodyBytes: 2048 })).toMatchObject({ status: 413 });
  });

  test('its operations are larger than 4 MiB', async () => {
    const long = { query, variables: { file: null, text: 'x'.repeat(4 * 1024 * 1024) } };
    expect(await refused(formOf(long, map, { 0: ['a', 'a'] }))).toMatchObject({ status: 413 });
  });

  test('its body is encoded', async () => {
    expect(await refused(formOf(operations, map, {}), {}, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 415,
    });
  });
});

const body = () => formOf(operations, map, { 0: ['a.txt', 'a'] });

describe('the header that makes browsers send a preflight', () => {
  test.each([[{}], [{ 'graphql-require-preflight': '' }], [{ 'x-requested-with': 'XMLHttpRequest' }]])(
    'is required: %j is refused before the body is read',
    async (headers) => {
      const { url, upstream } = await startFacade({ 'POST /files': file });
      const response = await fetch(url, { method: 'POST', body: body(), headers });

      expect(response.status).toBe(400);
      expect(await response.text()).toContain('needs the header GraphQL-Require-Preflight or Apollo-Require-Preflight');
      expect(upstream.calls).toEqual([]);
    },
  );

  test.each(['graphql-require-preflight', 'apollo-require-preflight'])('can be %s', async (name) => {
    const { url } = await startFacade({ 'POST /files': file });
    const response = await fetch(url, { method: 'POST', body: body(), headers: { [name]: 'true' } });

    expect(await response.json()).toMatchObject({ data: { createFile: { file: { fileId: 'file-1' } } } });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'does not open the other types that forms can send: %s',
    async (type) => {
      expect(await refused(json({ query: '{ __typename }' }), {}, { 'content-type': type })).toMatchObject({
        status: 415,
      });
    },
  );
});

test('an operation that is refused ends the request before its files have been received', async () => {
  const { url, upstream } = await startFacade({ 'POST /files': file });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json({ query: '{ wages }', variables: { file: null } })}\r\n--b\r\ncontent-disposition: form-data; name="map"\r\n\r\n${json(map)}\r\n--b\r\ncontent-disposition: form-data; name="0"; filename="a"\r\n\r\nthe first of 100,000,000 bytes`;
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ngraphql-require-preflight: 1\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000000\r\n\r\n${head}`,
  );

  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toContain('Cannot query field \\"wages\\"');
  socket.destroy();
  expect(upstream.calls).toEqual([]);
  await expect.poll(openFiles).toEqual([]);
});

test('a client that leaves in the middle of a file leaves nothing behind', async () => {
  const { url, upstream, logged } = await startFacade({ 'POST /files': file });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json(operations)}\r\n--b\r\ncontent-disposition: form-data; name="map"\r\n\r\n${json(map)}\r\n--b\r\ncontent-disposition: form-data; name="0"; filename="a"\r\n\r\n`;
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ngraphql-require-preflight: 1\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000000\r\n\r\n${head}`,
  );
  socket.write(Buffer.alloc(1024 ** 2, 'x'));
  await expect.poll(openFiles).toHaveLength(1);
  socket.destroy();

  await expect.poll(openFiles).toEqual([]);
  await delay(50);
  expect(upstream.calls).toEqual([]);
  expect(logged.filter((line) => line.includes('error'))).toEqual([]);
});

test('files are deleted after an upload, whether the upstream accepts it or not', async () => {
  let accepts = true;
  const { url } = await startFacade({ 'POST /files': () => (accepts ? file : undefined) });
  const send1 = () => upload(url, formOf(operations, map, { 0: ['a.bin', Buffer.alloc(3 * 1024 ** 2)] }));

  expect(await send1()).toMatchObject({ data: { createFile: { file: { fileId: 'file-1' } } } });
  accepts = false;
  expect(await send1()).toMatchObject({ data: { createFile: null } });
  await expect.poll(openFiles).toEqual([]);
  expect(leftOver()).toEqual([]);
});

/** Temporary files with a name. */
const leftOver = () => readdirSync(tmpdir()).filter((name) => name.startsWith('assistants-graphql-upload-'));

/** Temporary files that this process, in which the server runs, has open. */
const openFiles = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).includes('assistants-graphql-upload-'));

const linkOf = (fd: string) => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
};
