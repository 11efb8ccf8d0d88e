import type { CircuitState } from '../rest/circuitBreaker.ts';
import { createRestClient } from '../rest/client.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { createRest } from '../rest/rest.ts';
import { missingOperationsOf } from './missingOperations.ts';
import type { Upstream } from './upstream.ts';

/** How long the upstream may take to respond. */
const PROBE_TIMEOUT_MS = 2000;

/** How long one result is reused, so that probes cannot become a load of their own. */
const PROBE_REUSE_MS = 1000;

/** The body of `/ready`. */
export interface Readiness {
  /** `stopping` once the process is being stopped. */
  readonly status: 'ready' | 'unavailable' | 'stopping';
  readonly upstream: {
    readonly kind: Upstream['kind'];
    /** Null for the embedded engine, which has no address of its own. */
    readonly baseUrl: string | null;
    /** The HTTP status of its response, or null. */
    readonly status: number | null;
    /** What went wrong, or null. There may be a problem (a refused key) although the upstream is reachable. */
    readonly problem: string | null;
    /** Whether REST calls of operations are sent. Null for the embedded engine. The probe of `/ready` is always sent. */
    readonly breaker: CircuitState | null;
    /** The operations of the REST API that the upstream does not have. Null as long as that is not known. */
    readonly missingOperations: readonly string[] | null;
  };
  /** Null if the upstream is not the embedded engine. `problem` is what is wrong with the model endpoint, or null. */
  readonly model: { readonly name: string; readonly offline: boolean; readonly problem: string | null } | null;
  readonly capabilities: Upstream['capabilities'];
}

/**
 * Whether the upstream can be reached. Any status below 500 will do: a 401 means that the key is wrong, or that each client
 * sends its own, and not that the upstream is down. An embedded engine that has lost its data file is not ready, although its
 * reads go on.
 */
export const readinessOf = (upstream: Upstream, stopping: AbortSignal): (() => Promise<Readiness>) => {
  const { kind, baseUrl, model, capabilities, breaker } = upstream;
  const rest = createRest(
    createRestClient({ ...upstream, breaker: undefined, maxRetries: 0, timeoutMs: PROBE_TIMEOUT_MS }),
  );
  const missingOperations = missingOperationsOf(kind, rest);

  const report = (
    status: Readiness['status'],
    upstreamStatus: number | null,
    problem: string | null,
    modelProblem: string | null = null,
  ): Readiness => ({
    status,
    upstream: {
      kind,
      baseUrl: kind === 'embedded' ? null : baseUrl,
      status: upstreamStatus,
      problem,
      breaker: breaker?.state ?? null,
      missingOperations: missingOperations(),
    },
    model: model && { name: model.name, offline: model.offline, problem: modelProblem },
    capabilities,
  });

  const probe = async (): Promise<Readiness> => {
    const [{ status, problem }, modelProbe] = await Promise.all([
      rest.assistants.list({ limit: 1 }).then(() => ({ status: 200, problem: null }), failure),
      model?.probe(AbortSignal.timeout(PROBE_TIMEOUT_MS)),
    ]);
    const lasting = upstream.problem?.() ?? null;
    const reachable = status !== null && status < 500 && modelProbe?.isReachable !== false;
    const isReady = reachable && lasting === null;
    return report(isReady ? 'ready' : 'unavailable', status, problem ?? lasting, modelProbe?.problem);
  };

  let latest: { readonly until: number; readonly readiness: Promise<Readiness> } | undefined;
  return async () => {
    if (stopping.aborted) return report('stopping', null, null);
    if (latest === undefined || latest.until < performance.now()) {
      latest = { until: performance.now() + PROBE_REUSE_MS, readiness: probe() };
    }
    return latest.readiness;
  };
};

const failure = (error: unknown): Pick<Readiness['upstream'], 'status' | 'problem'> => {
  // Not in the upstream's own words, which are meant for the holder of the key.
  if (error instanceof ApiError) return { status: error.status, problem: `answered with status ${error.status}` };
  const status = error instanceof InvalidResponseError ? error.status : null;
  return { status, problem: error instanceof Error ? error.message : String(error) };
};
