import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Engine, EngineOptions } from '../../src/engine/engine.ts';
import { respondWith } from '../../src/server/engineHttp.ts';
import { StreamSlots } from '../../src/server/streamSlots.ts';
import { openEngine } from './openEngine.ts';

/** An engine behind a real HTTP server, without access rules and the graph. Both close with the test. */
export const startOverHttp = async (options: Partial<EngineOptions> = {}): Promise<{ url: string; engine: Engine }> => {
  const engine = await openEngine({ dataPath: ':memory:', ...options });
  const handling = {
    maxBodyBytes: 8_000_000,
    streamsBody: true,
    slots: new StreamSlots(1000),
    stopping: new AbortController().signal,
  };
  const server = createServer((request, response) => {
    // What a client that leaves, or an engine that is closed, rejects with.
    respondWith((each) => engine.respond(each), request, response, handling).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    await engine.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, engine };
};
