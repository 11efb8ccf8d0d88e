import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGraphql, type GraphqlOptions } from '../../src/graphql.ts';
import { createLog } from '../../src/log.ts';
import { crossFetch } from '../../src/rest/crossFetch.ts';
import type { GraphqlAnswer } from './server.ts';
import { startUpstream } from './upstream.ts';

/** What may differ from how the server runs unless told. */
export interface FacadeOptions
  extends Partial<Omit<GraphqlOptions, 'upstream' | 'log'>>,
    Partial<Omit<GraphqlOptions['upstream'], 'baseUrl'>> {}

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

/** Serves the graph over HTTP, with the upstream at `baseUrl` reached over HTTP too, until the test is over. */
export const startFacadeOver = async (baseUrl: string, options: FacadeOptions = {}): Promise<Facade> => {
  const {
    fetch: reach = crossFetch({ maxSockets: 64 }),
    timeoutMs = 10_000,
    headers,
    query,
    maxConcurrentCalls,
    ...limits
  } = options;
  const logged: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => logged.push(line) });
  const upstream = { baseUrl, fetch: reach, timeoutMs, headers, query, maxConcurrentCalls };
  const graphql = createGraphql({ ...readConfig({}), ...limits, upstream, log });
  const server = createServer((request, response) => void graphql(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
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

/** The graph over a scripted upstream, which remembers what it was asked: see `startUpstream`. */
export const startFacade = async (routes: Parameters<typeof startUpstream>[0], options?: FacadeOptions) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  return { ...(await startFacadeOver(upstream.url, options)), upstream };
};
