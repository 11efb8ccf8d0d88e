import { setMaxListeners } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { Config } from '../cli/config.ts';
import { createGraphiql } from '../graphiql/page.ts';
import type { Log } from '../observability/log.ts';
import { createMetrics } from '../observability/metrics.ts';
import type { Tracing } from '../observability/tracing.ts';
import { tracingRule } from '../observability/tracingRule.ts';
import { createGraph, type GraphOptions } from '../pipeline/graph.ts';
import { LoadLimit } from '../pipeline/loadLimit.ts';
import { FairQueue } from '../rest/fairQueue.ts';
import { createListener } from './listener.ts';
import { readinessOf } from './readiness.ts';
import { sharedDocumentsOn } from '../shared/sharedDocuments.ts';
import type { SharedServer } from '../shared/sharedServer.ts';
import { Spool } from './spool.ts';
import { StartQueue } from './startQueue.ts';
import { StreamSlots } from './streamSlots.ts';
import { tourModelOf } from './tourModel.ts';
import type { Upstream } from './upstream.ts';
import { webSocketsFor } from './webSockets.ts';

export interface AppOptions extends Pick<GraphOptions, 'plain' | 'rules'> {
  readonly config: Config;
  readonly upstream: Upstream;
  readonly log: Log;
  /** Aborted once the server is being stopped: streams then end, and `/ready` reports it. */
  readonly stopping?: AbortSignal | undefined;
  /** Undefined if tracing is off. */
  readonly tracing?: Tracing | undefined;
  /** What replicas share; undefined if nothing. */
  readonly shared?: SharedServer | undefined;
}

/** What a node:http server serves. */
export interface App {
  readonly listener: RequestListener;
  /** Accepts WebSockets from the server; what it returns closes those that are open. */
  readonly webSockets: (server: Server) => () => Promise<void>;
}

/** Puts the server together: the graph over an upstream by every transport, GraphiQL, the REST API, and the probes. */
export const createApp = ({ config, upstream, log, plain, rules = [], ...options }: AppOptions): App => {
  const { stopping = new AbortController().signal, tracing, shared } = options;
  setMaxListeners(0, stopping); // Each stream listens, and there may be any number of them.
  const { maxConcurrentCalls, breaker } = upstream;
  const queue = maxConcurrentCalls === undefined ? undefined : new FairQueue(maxConcurrentCalls, config.maxQueuedCalls);
  const slots = new StreamSlots(config.maxStreams);
  const startQueue = new StartQueue();
  const metrics = config.metrics
    ? createMetrics({
        queueDepth: () => queue?.depth ?? 0,
        openStreams: () => slots.taken,
        circuitState: breaker && (() => breaker.state),
        activeRuns: upstream.activeRuns,
      })
    : undefined;
  const graph = createGraph({
    ...config,
    upstream,
    queue,
    load: new LoadLimit(config, {
      requests: startQueue,
      others: [upstream.startQueue, queue].filter((one) => one !== undefined),
    }),
    log,
    plain,
    rules: [
      ...(metrics === undefined ? [] : [metrics.rule]),
      ...(tracing === undefined ? [] : [tracingRule]),
      ...rules,
    ],
    tracing,
    sharedDocuments: shared && sharedDocumentsOn(shared),
    observer: metrics?.callObserver,
  });
  const pipeline = metrics?.countRejections(graph) ?? graph;
  const listener = createListener({
    ...config,
    pipeline,
    startQueue,
    slots,
    spool: new Spool(config),
    graphiql: config.graphiql
      ? createGraphiql({ graphqlPath: '/graphql', tourModel: () => tourModelOf(upstream.model) })
      : () => null,
    engine: upstream.handler,
    readiness: readinessOf(upstream, stopping),
    metrics,
    log,
    stopping,
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
