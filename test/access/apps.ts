import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Environment, readConfig } from '../../src/cli/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { createApp } from '../../src/server/app.ts';
import { openUpstream } from '../../src/server/upstream.ts';

/** Tokens of static subjects. */
export const ALICE = 'token-of-alice-0123456789';
export const BOB = 'token-of-bob-0123456789';
export const TOKENS = { ACCESS: 'server', ACCESS_TOKENS: JSON.stringify({ alice: ALICE, bob: BOB }) };

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export type App = Awaited<ReturnType<typeof openApp>>;

/** The whole server with these settings, in this process, until the test is over. */
export const startApp = async (env: Environment): Promise<App> => {
  const app = await openApp(env);
  onTestFinished(app.close);
  return app;
};

/** The whole server with these settings, in this process. By default the embedded engine keeps nothing. */
export const openApp = async (env: Environment) => {
  // Tests of several files compete for the processor.
  const config = readConfig({ DATA_PATH: ':memory:', OVERLOAD_QUEUE_MS: '0', ...env });
  const logged: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => logged.push(line) });
  const upstream = await openUpstream(config, log);
  const { listener, webSockets } = createApp({ config, upstream, log });
  const server = createServer(listener);
  const closeWebSockets = webSockets(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    logged,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await closeWebSockets();
      await upstream.close();
    },
    rest: (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
      fetch(`${url}/v1${path}`, {
        method,
        headers: { 'openai-beta': 'assistants=v2', 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
};
