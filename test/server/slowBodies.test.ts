import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serve } from '../../src/server/serve.ts';
import { bodyStream } from '../../src/server/bodyStream.ts';
import { readBody } from '../../src/server/body.ts';

const PERIOD_MS = 300;
/** More than must arrive in a period. */
const chunk = Buffer.alloc(20_000, 'x');

/** A server that reads bodies as they arrive under `/streamed`, and whole ones under any other path. */
const start = async () => {
  const serving = await serve({
    port: 0,
    host: '127.0.0.1',
    stalledClientMs: 30_000,
    bodyMs: PERIOD_MS,
    listener: (request, response) => {
      const read = async () => {
        if (request.url !== '/streamed') return (await readBody(request, 1_000_000)).length;
        let length = 0;
        for await (const piece of bodyStream(request)) length += piece.byteLength;
        return length;
      };
      read().then(
        (length) => response.end(`${length} bytes`),
        () => undefined,
      );
    },
  });
  onTestFinished(() => serving.stop(0));
  return Number(new URL(serving.url).port);
};

/** Sends `chunks` of a body, one in each half of a period, and resolves with the response. */
const send = async (path: string, chunks: Buffer[], announced = Buffer.concat(chunks).length) => {
  const socket = connect(await start(), '127.0.0.1');
  socket.on('error', () => undefined);
  let received = '';
  socket.on('data', (data) => {
    received += String(data);
  });
  const closed = once(socket, 'close');
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${announced}\r\nConnection: close\r\n\r\n`);
  for (const each of chunks) {
    if (socket.destroyed) break;
    socket.write(each);
    await pause(PERIOD_MS / 2);
  }
  await closed;
  return received;
};

test('a streamed body that goes on to arrive may take many periods', async () => {
  expect(
    await send(
      '/streamed',
      Array.from({ length: 8 }, () => chunk),
    ),
  ).toMatch(/^HTTP\/1\.1 200[^]*160000 bytes/);
});

test.each([
  ['a streamed body of which nothing more arrives', '/streamed', [chunk]],
  ['a streamed body of which a byte arrives at a time', '/streamed', Array.from({ length: 8 }, () => Buffer.from('x'))],
  ['a body that is not streamed and takes several periods', '/', Array.from({ length: 8 }, () => chunk)],
])('%s is cut off with status 408', async (_, path, chunks) => {
  expect(await send(path, chunks, 1_000_000)).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
});

test('a body that arrives in time is not cut off', async () => {
  expect(await send('/', [chunk])).toMatch(/^HTTP\/1\.1 200[^]*20000 bytes/);
});

test('no timer is started for a body that arrives together with its head', async () => {
  const port = await start();
  const timers = vi.spyOn(globalThis, 'setInterval');
  onTestFinished(() => timers.mockRestore());
  const socket = connect(port, '127.0.0.1');
  const responses = async (count: number) => {
    let received = '';
    while (received.split('5 bytes').length <= count) received += String((await once(socket, 'data'))[0]);
  };
  for (let sent = 0; sent < 20; sent += 1) {
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello');
    await responses(1);
  }
  socket.destroy();
  expect(timers.mock.calls.filter(([, period]) => period === PERIOD_MS)).toHaveLength(0);
});
