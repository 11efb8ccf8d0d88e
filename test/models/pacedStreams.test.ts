import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chunk, textChunk } from './chatStream.ts';
import { startEngineOver } from './engineOver.ts';
import { done, events, type Play } from './rawServer.ts';

const TOKENS = Array.from({ length: 200 }, (_, index) => `${index} `);

/** A completion whose tokens come one by one, in some 600 ms. */
const slowly: Play = async (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n');
  for (const token of TOKENS) {
    socket.write(events(textChunk(token)));
    await sleep(3);
  }
  socket.end(events(chunk({}, 'stop')) + done);
};

const deltasOf = (stream: { event: string; data: unknown }[]) =>
  stream.flatMap(({ event, data }) => {
    if (event !== 'thread.message.delta') return [];
    const { delta } = data as { delta: { content: { text: { value: string } }[] } };
    return delta.content.map(({ text }) => text.value);
  });

/** Starts so many runs at once, and returns the deltas of each, and how long the slowest run took. */
const runs = async (count: number) => {
  const { client } = await startEngineOver([slowly]);
  const assistant = await client.assistant();
  const run = () =>
    client.events('POST', '/threads/runs', {
      assistant_id: assistant.id,
      thread: { messages: [{ role: 'user', content: 'Count.' }] },
      stream: true,
    });
  await run(); // The first response is read late, in a process that has just started: its tokens come together.
  const started = performance.now();
  const streams = await Promise.all(Array.from({ length: count }, run));
  return { deltas: streams.map(deltasOf), tookMs: performance.now() - started };
};

test('each token of a stream is a delta', async () => {
  const { deltas } = await runs(1);
  expect(deltas).toEqual([TOKENS]);
});

test('of many streams each is written less often, and the tokens that wait for one write are one delta', async () => {
  const { deltas, tookMs } = await runs(24);
  for (const texts of deltas) expect(texts.join('')).toBe(TOKENS.join(''));
  // While there are only few of them, at the beginning and at the end, tokens are not joined.
  expect(deltas.flat().length / deltas.length).toBeLessThanOrEqual(8 + tookMs / 60);
});
