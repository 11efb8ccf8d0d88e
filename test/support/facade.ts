import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { refusalOf } from '../../src/access/admission.ts';
import { readConfig } from '../../src/cli/config.ts';
import { publicError } from '../../src/context/errors.ts';
import { createGraphql, type GraphqlOptions } from '../../src/pipeline/graphql.ts';
import { answerGraphql, type GraphqlSite } from '../../src/server/graphqlEndpoint.ts';
import { plainGraphql } from '../../src/server/plainGraphql.ts';
import { webSocketsFor } from '../../src/server/webSockets.ts';
import { createLog } from '../../src/observability/log.ts';
import { transport } from './transport.ts';
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
  /** How many requests so far went through yoga. */
  throughYoga: () => number;
}

/** Serves the graph over HTTP and WebSockets, with the upstream at `baseUrl` reached over HTTP too, until the test is over. */
export const startFacadeOver = async (baseUrl: string, options: FacadeOptions = {}): Promise<Facade> => {
  const {
    fetch: reach = transport({ maxSockets: 64 }),
    timeoutMs = 10_000,
    headers,
    query,
    maxConcurrentCalls,
    ...limits
  } = options;
  const logged: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => logged.push(line) });
  const upstream = { baseUrl, fetch: reach, timeoutMs, headers, query, maxConcurrentCalls };
  const config = { ...readConfig({}), ...limits };
  const { yoga: graphql, operations } = createGraphql({ ...config, upstream, log });
  const refusal = refusalOf(config);
  const admits = (own: Pick<Headers, 'get'>) => refusal(own) === null;
  let throughYoga = 0;
  const site: GraphqlSite = {
    graphql: (request, response) => {
      throughYoga += 1;
      return graphql(request, response);
    },
    plainGraphql: plainGraphql(operations, admits),
    maxBodyBytes: config.maxBodyBytes,
  };
  const server = createServer((request, response) => void answerGraphql(site, request, response).catch(() => {}));
  const closeWebSockets = webSocketsFor({
    path: '/graphql',
    graphql,
    admits,
    publicError: (error) => publicError(error, log),
    maxBodyBytes: config.maxBodyBytes,
  })(server);
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
    throughYoga: () => throughYoga,
  };
};

/** The graph over a scripted upstream, which remembers what it was asked: see `startUpstream`. */
export const startFacade = async (routes: Parameters<typeof startUpstream>[0], options?: FacadeOptions) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  return { ...(await startFacadeOver(upstream.url, options)), upstream };
};
