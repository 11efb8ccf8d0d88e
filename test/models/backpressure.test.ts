import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chunk, textChunk } from './chatStream.ts';
import { startModel } from './engineOver.ts';
import { requestFor } from './asking.ts';
import { done, events, type Play } from './rawServer.ts';

const MiB = 1024 * 1024;
const PIECES = 40;

test('a model is read no faster than its deltas are taken, and nothing is lost', async () => {
  let sent = 0;
  const fast: Play = async (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n');
    const piece = events(textChunk('x'.repeat(MiB)));
    for (let index = 0; index < PIECES; index += 1) {
      if (!socket.write(piece)) await once(socket, 'drain');
      sent += MiB;
    }
    socket.end(events(chunk({}, 'stop')) + done);
  };
  const { model } = await startModel([fast]);

  let resume: (() => void) | undefined;
  const resumed = new Promise<void>((resolve) => {
    resume = resolve;
  });
  let length = 0;
  const completed = model.complete(requestFor('Write.'), (delta) => {
    if (delta.type === 'text') length += delta.text.length;
    return resumed;
  });
  await expect.poll(() => length).toBe(MiB);
  await sleep(200);
  expect(length).toBe(MiB);
  expect(sent).toBeLessThan((PIECES / 2) * MiB); // What the system buffers is a few MiB.

  resume?.();
  await completed;
  expect(length).toBe(PIECES * MiB);
});
