import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Config, readConfig } from '../../src/cli/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { type AppOptions, createApp } from '../../src/server/app.ts';
import type { Upstream } from '../../src/server/upstream.ts';
import { transport } from './transport.ts';
import type { GraphqlAnswer } from './server.ts';
import { startUpstream } from './upstream.ts';

/** What may differ from how the server runs by default. */
export interface FacadeOptions
  extends Partial<Omit<Config, 'baseUrl' | 'headers' | 'query'>>,
    Partial<Pick<Upstream, 'fetch' | 'headers' | 'query' | 'maxConcurrentCalls' | 'breaker'>>,
    Pick<AppOptions, 'plain' | 'rules' | 'shared'> {}

export interface Facade {
  /** Such as `http://127.0.0.1:45678/graphql`. */
  url: string;
  query: <Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<GraphqlAnswer<Data>>;
  /** The lines that it logged so far. */
  logged: string[];
}

/** Serves the graph over HTTP and WebSockets, with the upstream at `baseUrl` reached over HTTP too, until the test is over. */
export const startFacadeOver = async (baseUrl: string, options: FacadeOptions = {}): Promise<Facade> => {
  const logged: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => logged.push(line) });
  const app = createApp({ ...appOptionsFor(baseUrl, options), log });
  const server = createServer(app.listener);
  const closeWebSockets = app.webSockets(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closeWebSockets();
    await closed;
  });

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  return {
    url,
    query: async (document, variables, own) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...own },
        body: JSON.stringify({ query: document, variables }),
      });
      return JSON.parse(await answer.text());
    },
    logged,
  };
};

/** The default settings but for `options`, and an external upstream at `baseUrl`. */
export const appOptionsFor = (baseUrl: string, options: FacadeOptions): Omit<AppOptions, 'log'> => {
  const {
    fetch: send,
    headers = {},
    query = {},
    maxConcurrentCalls,
    breaker,
    plain,
    rules,
    shared,
    ...settings
  } = options;
  // Tests of several files compete for the processor.
  const config = { ...readConfig({}), timeoutMs: 10_000, overloadQueueMs: 0, ...settings };
  const upstream: Upstream = {
    kind: 'external',
    baseUrl,
    fetch: send ?? transport({ maxSockets: 64, maxBodyBytes: config.maxUpstreamBytes }),
    headers,
    query,
    timeoutMs: config.timeoutMs,
    maxRetries: config.maxRetries,
    breaker,
    maxConcurrentCalls,
    handler: undefined,
    model: null,
    capabilities: null,
    close: async () => {},
  };
  return { config, upstream, plain, rules, shared };
};

/** The graph over a scripted upstream, which remembers what it was asked: see `startUpstream`. */
export const startFacade = async (routes: Parameters<typeof startUpstream>[0], options?: FacadeOptions) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  return { ...(await startFacadeOver(upstream.url, options)), upstream };
};
