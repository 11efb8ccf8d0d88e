import type { UpstreamKind } from '../context/context.ts';
import type { Config } from '../cli/config.ts';
import { type Engine, type EngineModel, openEngine } from '../engine/engine.ts';
import type { EngineRequest, EngineResponse } from '../engine/engineRequest.ts';
import type { RunObserver } from '../engine/runs/runObserver.ts';
import { DEFAULT_TENANT, type Tenant } from '../engine/tenant.ts';
import type { Log } from '../observability/log.ts';
import type { SharedServer } from '../shared/sharedServer.ts';
import { CircuitBreaker } from '../rest/circuitBreaker.ts';
import { crossFetch } from '../rest/crossFetch.ts';
import { KnownOperations } from '../rest/knownOperations.ts';
import { undiciFetch } from '../rest/undiciFetch.ts';
import type { Fetch } from '../rest/fetch.ts';
import { configuredCodeRunner } from './codeInterpreter.ts';
import { configuredEmbedding } from './embedding.ts';
import { eventBytes } from './eventBytes.ts';
import { mappedName } from '../engine/models/names.ts';
import { configuredModel } from './model.ts';
import { StartQueue } from './startQueue.ts';
import { configuredTools } from './tools.ts';
import { webStreamOf } from './webStream.ts';

/** The Assistants API behind the graph. */
export interface Upstream {
  readonly kind: UpstreamKind;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  /** Of the embedded engine: `fetch` for a tenant. Undefined for an external upstream, which knows callers by their credentials. */
  readonly fetchFor?: ((tenant: Tenant) => Fetch) | undefined;
  /** Of the embedded engine: calls that wait to be started. */
  readonly startQueue?: StartQueue | undefined;
  /** Sent with every call, as are the parameters in `query`. Both may hold keys. */
  readonly headers: Record<string, string>;
  readonly query: Record<string, string>;
  readonly timeoutMs: number;
  /** The most retries of one call. */
  readonly maxRetries: number;
  /** Undefined for the embedded engine: its reads must not depend on whether its writes fail. */
  readonly breaker: CircuitBreaker | undefined;
  /** What has been found out about the operations of an external upstream. */
  readonly known?: KnownOperations | undefined;
  /** Undefined for the embedded engine, which has no connections to run out of. */
  readonly maxConcurrentCalls: number | undefined;
  /** The engine itself, to be served under `/v1`; undefined for an external upstream. */
  readonly handler: ((request: EngineRequest, tenant: Tenant) => Promise<EngineResponse>) | undefined;
  /** What answers, and what it can do. Null for an external upstream: only it knows. */
  readonly model: EngineModel | null;
  readonly capabilities: Readonly<Record<string, boolean>> | null;
  /** The name by which the embedded engine calls the model of a run; undefined for an external upstream. */
  readonly calledName?: ((model: string) => string) | undefined;
  /** Of the embedded engine: what runs code, or why nothing does though it is turned on; undefined if it is off. */
  readonly codeInterpreter?: string | undefined;
  /** Why the embedded engine can write nothing, as its `problem`; undefined if that is not so. */
  readonly problem?: (() => string | undefined) | undefined;
  /** Runs that have not ended, by status; undefined if the upstream is external. */
  readonly activeRuns?: (() => Promise<Readonly<Record<string, number>>>) | undefined;
  /** Lets go of the data file or the database. */
  readonly close: () => Promise<void>;
}

/** The server at ASSISTANTS_BASE_URL, or without one the embedded engine, whose data file is opened. Rejects as openEngine does. */
export const openUpstream = (
  config: Config,
  log: Log,
  runObserver?: RunObserver,
  shared?: SharedServer,
): Promise<Upstream> =>
  config.baseUrl === undefined
    ? embedded(config, log, runObserver, shared)
    : Promise.resolve(external(config, config.baseUrl));

const httpClients = { undici: undiciFetch, 'cross-fetch': crossFetch };

const external = (config: Config, baseUrl: string): Upstream => ({
  kind: 'external',
  baseUrl,
  fetch: httpClients[config.httpClient]({ maxSockets: config.maxSockets, maxBodyBytes: config.maxUpstreamBytes }),
  // The configured headers come last: an `authorization` among them wins.
  headers: { ...(config.apiKey === undefined ? {} : { authorization: `Bearer ${config.apiKey}` }), ...config.headers },
  query: config.query,
  timeoutMs: config.timeoutMs,
  maxRetries: config.maxRetries,
  breaker: new CircuitBreaker({
    maxFailures: config.breakerFailures,
    minFailingMs: config.breakerFailingMs,
    openMs: config.breakerOpenMs,
  }),
  known: new KnownOperations(),
  maxConcurrentCalls: config.maxSockets,
  handler: undefined,
  model: null,
  capabilities: null,
  close: async () => {},
});

/** Undefined if there are none. */
const configuredRunWebhooks = ({
  runWebhooks: urls,
  runWebhookSecret: secret,
  runWebhookTimeoutMs: timeoutMs,
}: Config) => (urls.length === 0 || secret === undefined ? undefined : { urls, secret, timeoutMs });

/** What was started for the engine is closed if it cannot be opened: programs would keep the process running. */
const openConfiguredEngine = async (
  config: Config,
  log: (line: string) => void,
  runObserver: RunObserver | undefined,
  shared: SharedServer | undefined,
): Promise<Engine> => {
  const started: { close(): Promise<void> }[] = [];
  try {
    const tools = await configuredTools(config, log);
    started.push(tools);
    const codeRunner = await configuredCodeRunner(config);
    if (codeRunner !== undefined) started.push(codeRunner);
    return await openEngine({
      dataPath: config.dataPath,
      databaseUrl: config.databaseUrl,
      databasePoolSize: config.databasePoolSize,
      model: configuredModel(config, log, shared),
      tools,
      codeRunner,
      runLeaseSeconds: config.runLeaseSeconds,
      runWebhooks: configuredRunWebhooks(config),
      fileLimits: {
        file: config.maxFileBytes,
        upload: config.maxUploadBytes,
        tenant: config.maxTenantFileBytes,
        total: config.maxTotalFileBytes,
      },
      eventRetentionHours: config.runEventsRetentionHours,
      embedding: configuredEmbedding(config),
      log,
      runObserver,
    });
  } catch (error) {
    await Promise.all(started.map((each) => each.close()));
    throw error;
  }
};

/** Headers whose names are in lower case. */
const named = (headers: Readonly<Record<string, string>>) => ({ get: (name: string) => headers[name] ?? null });

const embedded = async (
  config: Config,
  log: Log,
  runObserver: RunObserver | undefined,
  shared: SharedServer | undefined,
): Promise<Upstream> => {
  const note = (line: string) => log.info('engine', { message: line });
  const engine = await openConfiguredEngine(config, note, runObserver, shared);
  const { model, capabilities, codeInterpreter } = engine;
  const startQueue = new StartQueue();
  // An argument and not a header, which a client could send too.
  const fetchFor =
    (tenant: Tenant): Fetch =>
    (url, { method, headers, body = null, upload }) => {
      const call = async () => {
        const sent = { method, url, headers: named(headers), body: upload === undefined ? body : webStreamOf(upload) };
        const response = await engine.respond(sent, tenant);
        if (response instanceof Response) return response;
        const own = { status: response.status, headers: named(response.headers) };
        // The body of a response is either streamed or read as text.
        return 'events' in response
          ? { ...own, body: eventBytes(response.events), text: () => '' }
          : { ...own, body: null, text: () => response.text };
      };
      return new Promise((resolve) => {
        startQueue.add(() => resolve(call()));
      });
    };
  return {
    kind: 'embedded',
    // No such host: a call never leaves the process.
    baseUrl: 'http://engine.local/v1',
    fetch: fetchFor(DEFAULT_TENANT),
    fetchFor,
    startQueue,
    headers: {},
    query: {},
    timeoutMs: config.timeoutMs,
    maxRetries: 0, // it fails for a reason that a retry at once does not change
    breaker: undefined,
    maxConcurrentCalls: undefined,
    handler: (request, tenant) => engine.respond(request, tenant),
    model,
    capabilities,
    calledName: (name) => mappedName(config.modelNames, name),
    codeInterpreter,
    problem: () => engine.problem(),
    activeRuns: () => engine.activeRuns(),
    close: () => engine.close(),
  };
};
