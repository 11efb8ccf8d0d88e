import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerAdapter } from '@whatwg-node/server';
import { onTestFinished } from 'vitest';
import type { Engine, EngineOptions } from '../../src/engine/engine.ts';
import { openEngine } from './openEngine.ts';

/** An engine behind a real HTTP server, with nothing else of the project in between. Both close with the test. */
export const startOverHttp = async (options: Partial<EngineOptions> = {}): Promise<{ url: string; engine: Engine }> => {
  const engine = await openEngine({ dataPath: ':memory:', ...options });
  const adapter = createServerAdapter((request: Request) => engine.fetch(request));
  const server = createServer((request, response) => void adapter(request, response));
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
