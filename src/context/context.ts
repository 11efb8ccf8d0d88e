import { randomUUID } from 'node:crypto';
import type { Caller } from '../access/admission.ts';
import { REQUEST_ID_HEADER } from '../access/requestId.ts';
import { withoutCredentials } from '../access/credentials.ts';
import type { Tenant } from '../engine/tenant.ts';
import { userInputError } from './errors.ts';
import type { RunKey } from '../loaders/run.ts';
import type { BatchSavings } from '../loaders/batching.ts';
import { createLoaders, type Loaders } from '../loaders/loaders.ts';
import type { PollLimits } from '../live/pollInterval.ts';
import { Followers, type ReadState } from '../live/followers.ts';
import type { Latest } from '../live/latest.ts';
import { type RunSnapshot, readSnapshot } from '../live/runSnapshot.ts';
import { hasEnded } from '../live/ended.ts';
import { PrefetchHistory } from '../loaders/prefetchHistory.ts';
import { createListPrices } from '../prices/listPrices.ts';
import { noPrices, type PriceTable } from '../prices/price.ts';
import type { PricesByModel } from '../prices/priceFile.ts';
import { priceTable } from '../prices/priceTable.ts';
import { type Cancellation, SignalCancellation } from '../rest/cancellation.ts';
import { traceHeadersIn } from '../observability/traceContext.ts';
import type { OperationTrace, Tracing } from '../observability/tracing.ts';
import { bothObservers, type CallObserver } from '../rest/callObserver.ts';
import type { CallerOptions } from '../rest/callerOptions.ts';
import { clientOf } from '../rest/client.ts';
import { OperationDeadline } from '../rest/deadline.ts';
import { createEndpoint, type RestEndpointOptions } from '../rest/endpoint.ts';
import type { FairQueue } from '../rest/fairQueue.ts';
import type { Received } from '../rest/received.ts';
import type { Fetch } from '../rest/fetch.ts';
import { createRest, type Rest } from '../rest/rest.ts';
import { StreamLimit } from '../rest/streamLimit.ts';
import { RoundTrips } from '../rest/roundTrips.ts';
import type { RestRun } from '../wire/run.ts';

/** The engine of this server, or another server. */
export type UpstreamKind = 'embedded' | 'external';

/** The state of one request: its REST client, its loaders and what it has cost. */
export interface Context {
  readonly rest: Rest;
  readonly upstreamKind: UpstreamKind;
  /** Objects that have been read; in a subscription, for the current event. */
  loaders: Loaders;
  readonly limits: PollLimits & Pick<ContextOptions, 'maxPageItems' | 'activeRunWaitMs'>;
  readonly prices: PriceTable;
  /** Whether a look-up sends the REST calls that its selection needs in parallel with its own, instead of after it. */
  readonly looksAhead: boolean;
  /** What the request has cost so far; in a subscription, the current event. */
  cost: Cost;
  /** By when the REST calls must have ended; in a subscription, those for the current event. */
  readonly deadline: OperationDeadline;
  /** A run now, and at each change until the run or the request has ended. Requests that follow it share one poller. */
  readonly followRun: (key: RunKey) => Latest<Received<RestRun>>;
  /** As `followRun`, with a poller of its own: every state is read after this call. */
  readonly readRun: (key: RunKey) => Latest<Received<RestRun>>;
  /** As `followRun`, with the run's steps and messages. */
  readonly followSnapshot: (key: RunKey) => Latest<RunSnapshot>;
  /** Undefined if tracing is off. */
  readonly trace: OperationTrace | undefined;
  /** Starts the next event of a subscription: with new loaders, cost and deadline. */
  readonly renew: () => void;
}

/** What one request has cost. */
export interface Cost {
  /** REST calls made. */
  calls: number;
  roundTrips: RoundTrips;
  /** REST calls that were not needed. */
  savings: BatchSavings;
}

export interface ContextOptions extends PollLimits {
  upstream: RestEndpointOptions & {
    kind: UpstreamKind;
    /** Used in place of `fetch` for the calls of a tenant, if there is one. */
    fetchFor?: ((tenant: Tenant) => Fetch) | undefined;
    timeoutMs: number;
    /** The most retries of one REST call. */
    maxRetries: number;
    /** Of the embedded engine. An offline model costs nothing, whatever the name of a model in a run. */
    model?: { readonly offline: boolean } | null | undefined;
    /** The name by which the embedded engine calls the model of a run, which has the price. */
    calledName?: ((model: string) => string) | undefined;
  };
  /** The REST calls of all requests wait in it; undefined if the upstream needs no limit. */
  queue?: FairQueue | undefined;
  /** The most streams of events from the upstream at a time. */
  maxUpstreamStreams: number;
  /** Observes all REST calls. */
  observer?: CallObserver | undefined;
  tracing?: Tracing | undefined;
  /** The most items that can be requested of one connection. */
  maxPageItems: number;
  /** The most REST calls that one request may cost. */
  maxUpstreamCalls: number;
  /** Disables batching: one REST call for each read. For tests that compare results. */
  plain?: boolean | undefined;
  /** Prices that replace list prices. */
  prices: PricesByModel;
  /** How long a write waits for an active run to end, in milliseconds. */
  activeRunWaitMs: number;
}

/** What counts the REST calls of a request. */
type Counted = Pick<CallerOptions, 'onCall' | 'roundTrips'>;

/** Makes what each request carries. REST calls carry the server's credentials or the client's, and never both. */
export const contextFactory = (options: ContextOptions) => {
  const { upstream, queue, tracing, maxUpstreamCalls, plain = false } = options;
  const { timeoutMs, maxRetries } = upstream;
  const withOwnKey = createEndpoint(upstream);
  const headersWithoutKey = withoutCredentials(upstream.headers ?? {});
  const withoutKey = createEndpoint({ ...upstream, headers: headersWithoutKey, known: withOwnKey.known });
  const streams = new StreamLimit(options.maxUpstreamStreams);
  const prefetchHistory = new PrefetchHistory();
  const isOffline = options.upstream.model?.offline === true;
  const prices = isOffline ? noPrices : priceTable(options.prices, createListPrices(), upstream.calledName);
  const runs = new Followers<Received<RestRun>>(options, hasEnded);
  const snapshots = new Followers<RunSnapshot>(options, ({ run }) => hasEnded(run));

  return ({ credentials, tenant, requestId, headers: given }: Caller, cancellation: Cancellation): Context => {
    const keyed = credentials.kind === 'server' ? withOwnKey : withoutKey;
    const endpoint = upstream.fetchFor === undefined ? keyed : { ...keyed, fetch: upstream.fetchFor(tenant) };
    const traceHeaders = traceHeadersIn(given);
    const trace = tracing?.operation(traceHeaders);
    const observer = trace === undefined ? options.observer : bothObservers(trace.callObserver, options.observer);
    const headers = Object.assign({ [REQUEST_ID_HEADER]: requestId }, traceHeaders);
    const onCall = () => {
      cost.calls += 1;
      if (cost.calls > maxUpstreamCalls) throw tooManyCalls(maxUpstreamCalls);
    };
    const deadline = new OperationDeadline(options.operationTimeoutMs);
    const restWith = (until: OperationDeadline, cancelledBy: Cancellation, counted?: Counted) =>
      createRest(
        clientOf(endpoint, {
          timeoutMs,
          maxRetries,
          headers,
          credentials: credentials.kind === 'client' ? credentials.headers : undefined,
          streams,
          observer,
          deadline: until,
          cancellation: cancelledBy,
          queue: queue?.clientQueue(cancelledBy),
          onCall: counted?.onCall,
          roundTrips: counted?.roundTrips,
        }),
      );
    const rest = restWith(deadline, cancellation, { onCall, roundTrips: () => cost.roundTrips });
    const callerHistory = prefetchHistory.forCaller(credentials.key);
    const loadersNow = ({ roundTrips, savings }: Cost) =>
      createLoaders(
        rest,
        plain ? undefined : { roundTrips, savings, prefetchHistory: callerHistory, observeBatch: trace?.observeBatch },
      );
    let cost = nothingYet();
    // Outlives the request that created it: other requests may follow the same run.
    const restFor = (signal: AbortSignal) =>
      restWith(new OperationDeadline(options.operationTimeoutMs), new SignalCancellation(signal));
    const runReader =
      ({ threadId, runId }: RunKey): ReadState<Received<RestRun>> =>
      (signal) =>
        restFor(signal).runs.poll(threadId, runId);
    const nameOf = ({ threadId, runId }: RunKey) => `${credentials.key}\n${threadId}/${runId}`;
    return {
      rest,
      upstreamKind: upstream.kind,
      loaders: loadersNow(cost),
      limits: options,
      prices,
      looksAhead: !plain,
      trace,
      cost,
      deadline,
      followRun: (key) => runs.follow(nameOf(key), runReader(key), cancellation.signal),
      readRun: (key) => runs.follow(randomUUID(), runReader(key), cancellation.signal),
      followSnapshot: (key) => {
        const read: ReadState<RunSnapshot> = (signal, known) => readSnapshot(restFor(signal), key, known);
        return snapshots.follow(nameOf(key), read, cancellation.signal);
      },
      renew() {
        deadline.restart();
        cost = nothingYet();
        this.cost = cost;
        this.loaders = loadersNow(cost);
      },
    };
  };
};

const nothingYet = (): Cost => ({ calls: 0, roundTrips: new RoundTrips(), savings: { coalesced: 0, deduplicated: 0 } });

const tooManyCalls = (max: number) =>
  userInputError(`This request needs more than the ${max} REST calls that one may cost: ask for less at once.`);
