import type { RequestListener, Server } from 'node:http';
import type { Config } from '../cli/config.ts';
import { createGraphiql } from '../graphiql/page.ts';
import type { Log } from '../observability/log.ts';
import { createGraph, type GraphOptions } from '../pipeline/graph.ts';
import { createListener } from './listener.ts';
import { readinessOf } from './readiness.ts';
import { StreamSlots } from './streamSlots.ts';
import type { Upstream } from './upstream.ts';
import { webSocketsFor } from './webSockets.ts';

export interface AppOptions extends Pick<GraphOptions, 'plain' | 'rules'> {
  readonly config: Config;
  readonly upstream: Upstream;
  readonly log: Log;
}

/** What a node:http server serves. */
export interface App {
  readonly listener: RequestListener;
  /** Accepts WebSockets from the server; what it returns closes those that are open. */
  readonly webSockets: (server: Server) => () => Promise<void>;
}

/** Puts the server together: the graph over an upstream by every transport, GraphiQL, the REST API, and the probes. */
export const createApp = ({ config, upstream, log, plain, rules }: AppOptions): App => {
  const pipeline = createGraph({ ...config, upstream, log, plain, rules });
  const slots = new StreamSlots(config.maxStreams);
  const listener = createListener({
    ...config,
    pipeline,
    slots,
    graphiql: config.graphiql ? createGraphiql({ graphqlPath: '/graphql' }) : () => null,
    engine: upstream.handler,
    readiness: readinessOf(upstream),
    log,
  });
  const webSockets = webSocketsFor({
    path: '/graphql',
    pipeline,
    slots,
    maxBodyBytes: config.maxBodyBytes,
    maxBufferedBytes: config.maxBufferedBytes,
    maxOperations: config.maxSocketOperations,
  });
  return { listener, webSockets };
};
