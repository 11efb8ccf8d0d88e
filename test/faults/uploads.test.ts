import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFile, upload } from '../graph/uploading.ts';
import { startFacadeOver } from '../support/facade.ts';

const KEY = 'sk-of-the-upload-faults-0123456789';

/** More than fits into the buffers between the server and its upstream. It adds 6 seconds to the time of the call: see `uploadMs`. */
const CONTENT = Buffer.alloc(6 * 1024 ** 2, 'dough ');

const SETTINGS = {
  timeoutMs: 1_000,
  operationTimeoutMs: 4_000,
  maxRetries: 1,
  headers: { authorization: `Bearer ${KEY}` },
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An upstream that acts as soon as it has the header of a request, of whose body it has read nothing. */
const startUpstream = async (handler: Handler) => {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    request.on('error', () => {});
    handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
};

const error = JSON.stringify({ error: { message: `No, ${KEY}.`, type: 'invalid_request_error' } });

const respond =
  (status: number, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(error);
  };

const respondAndReset: Handler = (request, response) => {
  respond(413, { connection: 'close' })(request, response);
  setTimeout(() => request.socket.destroy(), 200);
};

const resetAfterSome: Handler = (request) => {
  let bytes = 0;
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > 1_000_000) request.socket.resetAndDestroy();
  });
};

test('a file gets time by its size, in addition to the time limits', async () => {
  const received: number[] = [];
  const upstream = await startUpstream((request, response) => {
    const read = async () => {
      await sleep(1_000);
      const pieces = (await request.toArray()) as Buffer[];
      received.push(pieces.reduce((sum, { length }) => sum + length, 0));
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ id: 'file-1', object: 'file' }));
    };
    read().catch(() => undefined); // The client has left.
  });
  const limits = { ...SETTINGS, timeoutMs: 200, operationTimeoutMs: 300 };
  const { url } = await startFacadeOver(upstream.url, limits);
  const send = (content: Buffer<ArrayBuffer>) =>
    upload(url, { query: createFile('fileId'), files: { 'rye.md': content } });

  expect((await send(Buffer.from('dough'))).errors?.[0]?.extensions?.['code']).toBe('UPSTREAM_TIMEOUT');
  expect((await send(CONTENT)).errors).toBeUndefined();
  expect(received.at(-1)).toBeGreaterThan(CONTENT.length);
});

describe('an upload ends with the right error, is not sent twice, and the key is in no output, if the upstream', () => {
  test.each<[string, Handler, string]>([
    ['resets at the header', (request) => void request.socket.resetAndDestroy(), 'UPSTREAM_UNAVAILABLE'],
    ['closes at the header', (request) => void request.socket.destroy(), 'UPSTREAM_UNAVAILABLE'],
    ['resets within the body', resetAfterSome, 'UPSTREAM_UNAVAILABLE'],
    ['never reads the body', () => {}, 'UPSTREAM_TIMEOUT'],
    ['reads the body and never responds', (request) => void request.resume(), 'UPSTREAM_TIMEOUT'],
    ['sends 413 and then closes', respondAndReset, 'BAD_USER_INPUT'],
    ['sends 413 and never reads the body', respond(413), 'BAD_USER_INPUT'],
    ['sends 500 and never reads the body', respond(500), 'UPSTREAM_ERROR'],
    ['sends 503 and closes', respond(503, { connection: 'close' }), 'UPSTREAM_ERROR'],
    ['redirects before the body', respond(307, { location: 'http://elsewhere.invalid/' }), 'UPSTREAM_INVALID_RESPONSE'],
  ])('%s', async (_, handler, code) => {
    const upstream = await startUpstream(handler);
    const { url, query, logged } = await startFacadeOver(upstream.url, SETTINGS);
    const result = await upload(url, { query: createFile('fileId'), files: { 'rye.md': CONTENT } });

    expect(result.errors?.map(({ extensions }) => extensions?.['code'])).toEqual([code]);
    expect(upstream.calls).toEqual(['POST /files']);
    expect(JSON.stringify([result, logged])).not.toContain(KEY);
    expect((await query('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});
