import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { EngineRequest } from '../../src/engine/engineRequest.ts';
import { respondWith } from '../../src/server/engineHttp.ts';
import { StreamSlots } from '../../src/server/streamSlots.ts';
import { openEngine } from '../engine/openEngine.ts';

const headers = { 'openai-beta': 'assistants=v2', 'content-type': 'application/json' };

/** An engine behind HTTP that takes its time to respond. */
const startSlowServer = async (slots: StreamSlots) => {
  const engine = await openEngine({ dataPath: ':memory:' });
  const handling = { maxBodyBytes: 100_000, slots, stopping: new AbortController().signal };
  const slowly = async (request: EngineRequest) => {
    const response = await engine.respond(request);
    await sleep(100);
    return response;
  };
  const server = createServer((incoming, outgoing) => {
    respondWith(slowly, incoming, outgoing, handling).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await engine.close();
  });
  const { port } = server.address() as AddressInfo;
  const post = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${port}/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { port, post };
};

test('clients that leave before their stream begins keep no place among the streams', async () => {
  const slots = new StreamSlots(2);
  const { port, post } = await startSlowServer(slots);
  const { id } = (await (await post('/assistants', { model: 'm' })).json()) as { id: string };
  const run = { assistant_id: id, thread: { messages: [] }, stream: true };
  const body = JSON.stringify(run);
  const head = Object.entries({ host: 'localhost', ...headers, 'content-length': body.length })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const leave = async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST /v1/threads/runs HTTP/1.1\r\n${head}\r\n${body}`);
    await sleep(30);
    socket.destroy();
  };
  await Promise.all(Array.from({ length: 4 }, leave));
  await sleep(200);
  expect(slots.taken).toBe(0);

  const response = await post('/threads/runs', run);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('event: done');
  await expect.poll(() => slots.taken).toBe(0);
});
