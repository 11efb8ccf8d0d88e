import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RestRun } from '../../src/wire/run.ts';
import type { ServerTools } from '../../src/engine/tools/serverTools.ts';
import { functionTool } from '../engine/client.ts';
import { callChunks, completion, textChunk } from './chatStream.ts';
import { startEngineOver } from './engineOver.ts';
import type { Play } from './rawServer.ts';

const ok = completion([textChunk('ok')], 'stop');

test('runs that the model has no call for stay queued, and are claimed in order', async () => {
  let open = 0;
  let mostOpen = 0;
  const release: (() => void)[] = [];
  const held: Play = async (socket, request) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    await new Promise<void>((resolve) => {
      release.push(resolve);
    });
    open -= 1;
    await ok(socket, request);
  };
  const { client } = await startEngineOver([held], { model: { limits: { maxConcurrentCalls: 2 } } });
  const assistant = await client.assistant();
  const runs: RestRun[] = [];
  for (let count = 0; count < 6; count += 1) runs.push(await client.start(assistant, `${count}`));
  const statuses = () => Promise.all(runs.map(async (run) => (await client.run(run)).status));

  for (let done = 0; done < 6; done += 2) {
    await expect.poll(() => release.length).toBe(Math.min(2, 6 - done));
    await sleep(50); // Nothing further is claimed.
    expect(await statuses()).toEqual([
      ...Array(done).fill('completed'),
      'in_progress',
      'in_progress',
      ...Array(4 - done).fill('queued'),
    ]);
    for (const next of release.splice(0)) next();
    await expect.poll(async () => (await statuses()).filter((status) => status === 'completed').length).toBe(done + 2);
  }
  expect(mostOpen).toBe(2);
});

test('runs beyond the requests per minute of the model stay queued', async () => {
  const { client } = await startEngineOver([ok], { model: { limits: { requestsPerMinute: 3 } } });
  const assistant = await client.assistant();
  const runs: RestRun[] = [];
  for (let count = 0; count < 5; count += 1) runs.push(await client.start(assistant, `${count}`));
  for (const run of runs.slice(0, 3)) await client.until(run, 'completed');
  for (const run of runs.slice(3)) expect((await client.run(run)).status).toBe('queued');
});

test('tool calls that the server runs do not wait for a model that is busy', async () => {
  const release: (() => void)[] = [];
  const heldBefore =
    (play: Play): Play =>
    async (socket, request) => {
      await new Promise<void>((resolve) => {
        release.push(resolve);
      });
      await play(socket, request);
    };
  const calls: string[] = [];
  const tools: ServerTools = {
    has: (name) => name === 'get_weather',
    call: ({ name }) => {
      calls.push(name);
      return Promise.resolve('rain');
    },
    close: () => Promise.resolve(),
  };
  const call = completion(callChunks(0, 'get_weather', '{}'), 'tool_calls');
  const { client } = await startEngineOver([heldBefore(call), heldBefore(ok)], {
    model: { limits: { maxConcurrentCalls: 1 } },
    engine: { tools },
  });
  const assistant = await client.assistant({ tools: [functionTool('get_weather')] });
  const calling = await client.start(assistant, 'What is the weather?');
  await expect.poll(() => release.length).toBe(1);
  const busy = await client.start(assistant, 'Hello');
  release.shift()?.();
  await expect.poll(() => calls).toEqual(['get_weather']);
  await expect.poll(() => release.length).toBe(1);
  expect((await client.run(busy)).status).toBe('in_progress');

  release.shift()?.();
  await client.until(busy, 'completed');
  await expect.poll(() => release.length).toBe(1);
  release.shift()?.();
  await client.until(calling, 'completed');
});
