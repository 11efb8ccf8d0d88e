import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { newDataPath } from '../engine/dataFiles.ts';
import { takeDatabase } from '../support/databases.ts';

/** In front of a database: what its clients send can be held back. */
const startGate = async (url: string) => {
  const target = new URL(url);
  const port = Number(target.port);
  const clients = new Set<Socket>();
  const gate = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    clients.add(client);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => undefined).on('close', () => other.destroy());
      socket.on('data', (data) => other.write(data));
    }
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  target.port = String((gate.address() as AddressInfo).port);
  return {
    url: target.href,
    hold: () => {
      for (const client of clients) client.pause();
    },
    release: () => {
      for (const client of clients) client.resume();
    },
    close: () => gate.close(),
  };
};

test('a request that gets no connection while all are in use fails as overloaded, and the database counts as reachable', {
  timeout: 60_000,
}, async () => {
  const { url, giveBack } = await takeDatabase();
  const gate = await startGate(url);
  const engine = await openEngine({ dataPath: newDataPath(), databaseUrl: gate.url, databasePoolSize: 1 });
  onTestFinished(async () => {
    await engine.close();
    gate.close();
    giveBack();
  });
  const list = () =>
    engine.fetch(new Request('http://engine.test/v1/assistants', { headers: { 'openai-beta': 'assistants=v2' } }));
  expect((await list()).status).toBe(200);

  gate.hold();
  const first = list(); // Has the connection, if nothing of the engine has it.
  const second = await list();
  expect(second.status).toBe(503);
  expect(second.headers.get('retry-after')).toBe('1');
  expect(await second.json()).toMatchObject({ error: { type: 'server_error', code: 'overloaded' } });
  await list(); // An attempt to reach the database would have ended before it.
  expect(engine.problem()).toBeUndefined();

  gate.release();
  await first;
  expect((await list()).status).toBe(200);
});
