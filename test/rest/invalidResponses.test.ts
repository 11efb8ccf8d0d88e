import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Rest } from '../../src/rest/rest.ts';
import { raw, reply } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

const html = { 'content-type': 'text/html; charset=utf-8' };

test.each([
  ['a web page', reply({ headers: html, body: '<!doctype html><p>Hi' }), 'is a web page, not JSON'],
  ['text', reply({ headers: html, body: 'OK' }), 'is not JSON'],
  ['half of a JSON text', reply({ headers: html, body: '{"id": "t1", "obj' }), 'is not JSON'],
  ['an empty body', reply({ headers: html, body: '' }), 'is empty'],
  ['white space', reply({ headers: html, body: ' \n' }), 'is empty'],
  ['null', reply({ headers: html, body: 'null' }), 'is not a JSON object'],
  ['a list', reply({ headers: html, body: '[{"id": "t1"}]' }), 'is not a JSON object'],
  ['no id', reply({ headers: html, body: '{"object": "thread"}' }), 'holds an object without a string `id`'],
  ['a number for an id', reply({ headers: html, body: '{"id": 1}' }), 'holds an object without a string `id`'],
])('%s in place of an object is an InvalidResponseError', async (_kind, response, problem) => {
  const { rest } = await restOver(() => response);

  const error = await failureOf(rest.threads.retrieve('t1'));

  expect(error).toMatchObject({ name: 'InvalidResponseError', status: 200, contentType: html['content-type'] });
  expect(error.message).toContain(
    `GET /threads/t1: the upstream's response (status 200, text/html; charset=utf-8) ${problem}`,
  );
});

test.each([
  ['an object', { id: 'a1' }, 'has no list `data`'],
  ['a map for data', { data: {} }, 'has no list `data`'],
  ['null among the items', { data: [{ id: 'a1' }, null] }, 'is not a JSON object'],
  ['an item without an id', { data: [{ id: 'a1' }, {}] }, 'without a string `id`'],
])('%s in place of a page is an InvalidResponseError', async (_kind, response, problem) => {
  const { rest } = await restOver(() => response);

  const error = await failureOf(rest.assistants.list({}));

  expect(error.name).toBe('InvalidResponseError');
  expect(error.message).toContain(problem);
});

test('a run in a new thread without a thread id is an InvalidResponseError', async () => {
  const { rest } = await restOver(() => ({ id: 'r1' }));

  const error = await failureOf(rest.runs.createWithThread({ assistant_id: 'a1' }));

  expect(error.message).toContain('holds an object without a string `thread_id`');
});

const read = (rest: Rest) => failureOf(rest.threads.retrieve('t1'));

test.each([
  ['a Content-Length', { 'content-length': '1000' }],
  ['chunks', { 'transfer-encoding': 'chunked' }],
])('a body with %s that breaks off is an error at once, not at the deadline', async (_kind, headers) => {
  const { rest } = await restOver(
    () =>
      raw((response) => {
        response.writeHead(200, headers);
        response.write('{"id": "t1", ', () => response.socket?.end());
      }),
    { timeoutMs: 3_600_000 },
  );

  expect(await read(rest)).toMatchObject({
    name: 'InvalidResponseError',
    message: "GET /threads/t1: the upstream's response (status 200, no content type) broke off before its end",
  });
});

test('a compressed response is decoded, and a truncated one is an error', async () => {
  const packed = gzipSync(JSON.stringify({ id: 't1', metadata: { text: 'x'.repeat(1_000) } }));
  const sendPart = (end: number) =>
    raw((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
      response.write(packed.subarray(0, end), () => response.socket?.end());
    });
  const { rest } = await restOver({
    'GET /threads/t1': sendPart(packed.length - 10),
    'GET /threads/whole': sendPart(packed.length),
  });

  expect(await rest.threads.retrieve('whole')).toMatchObject({ id: 't1' });
  expect((await read(rest)).message).toContain('broke off before its end');
});

test('a body above the limit is an error', async () => {
  const { rest } = await restOver(() => ({ id: 'x'.repeat(20_000) }), { maxBodyBytes: 10_000 });

  expect(await read(rest)).toMatchObject({
    name: 'InvalidResponseError',
    message: expect.stringContaining('is larger than can be read'),
  });
});

test('a compressed body that decompresses to more than the limit is an error', async () => {
  const packed = gzipSync(JSON.stringify({ id: 'x'.repeat(20_000) }));
  const bomb = raw((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
  const { rest } = await restOver(() => bomb, { maxBodyBytes: 10_000 });

  expect((await read(rest)).message).toContain('is larger than can be read');
});

const MB = 1024 * 1024;

/** Sends until the connection is closed, and counts the bytes. */
const endless = (headers: Record<string, string>, piece: Buffer, status = 200) => {
  const sent = { bytes: 0, isClosed: false };
  const response = raw((outgoing) => {
    outgoing.on('close', () => {
      sent.isClosed = true;
    });
    outgoing.writeHead(status, headers);
    const send = () => {
      while (!outgoing.destroyed && sent.bytes < 500 * MB) {
        sent.bytes += piece.length;
        if (!outgoing.write(piece)) return outgoing.once('drain', send);
      }
      return outgoing.end();
    };
    send();
  });
  return { response, sent };
};

test('a body without end is cut off by its size', async () => {
  const { response, sent } = endless({}, Buffer.alloc(65_536, ' '));
  const { rest } = await restOver(() => response, { maxBodyBytes: MB });

  expect((await read(rest)).message).toContain('is larger than can be read');
  await expect.poll(() => sent.isClosed).toBe(true);
  expect(sent.bytes).toBeLessThan(10 * MB);
});

test('a compressed body of 100 MB is cut off by its decompressed size', async () => {
  const packed = gzipSync(Buffer.alloc(100 * MB, ' '));
  let isClosed = false;
  const bomb = raw((outgoing) => {
    outgoing.on('close', () => {
      isClosed = true;
    });
    outgoing.writeHead(200, { 'content-encoding': 'gzip' }).write(packed); // and never ends
  });
  const { rest } = await restOver(() => bomb, { maxBodyBytes: MB });

  expect((await read(rest)).message).toContain('is larger than can be read');
  await expect.poll(() => isClosed).toBe(true);
});

test('the body of an error is cut off after 64 KB, and its status is reported', async () => {
  const { response, sent } = endless({}, Buffer.alloc(65_536, 'x'), 500);
  const { rest } = await restOver(() => response, { maxBodyBytes: 100 * MB });

  expect(await read(rest)).toMatchObject({ name: 'ApiError', status: 500 });
  await expect.poll(() => sent.isClosed).toBe(true);
  expect(sent.bytes).toBeLessThan(10 * MB);
});

test('the compressed body of an error is decoded', async () => {
  const packed = gzipSync(JSON.stringify({ error: { message: 'No such thread.' } }));
  const response = raw((outgoing) => void outgoing.writeHead(404, { 'content-encoding': 'gzip' }).end(packed));
  const { rest } = await restOver(() => response);

  expect((await read(rest)).message).toBe('No such thread.');
});

test('a header above 16 KB is an InvalidResponseError', async () => {
  const { rest } = await restOver(() => reply({ headers: { 'x-flood': 'x'.repeat(100_000) }, json: { id: 't1' } }));

  expect(await read(rest)).toMatchObject({
    name: 'InvalidResponseError',
    message: "GET /threads/t1: the upstream's response has a larger header than can be read",
  });
});

test('a redirect is not followed, and the error shows only its host', async () => {
  const elsewhere = await restOver(() => ({ id: 't1' }));
  const location = `${elsewhere.upstream.url}/threads/t1?key=hush-hush`;
  const { rest } = await restOver(() => reply({ status: 307, headers: { location } }), {
    headers: { authorization: 'Bearer sk-1234567' },
  });

  const error = await read(rest);

  expect(error.name).toBe('InvalidResponseError');
  expect(error.message).toContain(`redirects to ${new URL(location).host}`);
  expect(error.message).not.toContain('hush');
  expect(elsewhere.upstream.calls).toEqual([]);
});

test.each(['SSH-2.0-OpenSSH_9.2\r\n', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n'])(
  'a server that does not speak HTTP is an InvalidResponseError: %j',
  async (greeting) => {
    const baseUrl = await listening((socket) => socket.end(greeting));
    const { rest } = await restOver({}, { baseUrl });

    expect(await read(rest)).toMatchObject({
      name: 'InvalidResponseError',
      status: null,
      message: expect.stringMatching(/^GET \/threads\/t1: the upstream's response is not HTTP \(HPE_\w+\)$/),
    });
  },
);

const listening = async (response: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => response(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
