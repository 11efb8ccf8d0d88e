import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../../backoff.ts';
import type { ChatRequest, TakeDelta } from '../model.ts';
import { ModelError } from '../modelError.ts';
import { mappedName } from '../names.ts';
import type { ModelApi } from './api.ts';
import { attempt } from './attempt.ts';
import { DeltaFilter } from './deltaFilter.ts';
import type { ModelEndpoint } from './modelEndpoint.ts';
import { EndpointError } from './endpointError.ts';
import { completionLimitIn, type KnownCompletionLimits } from './completionLimit.ts';
import { fallbackFor, type KnownFallbacks, type NeededFallback } from './fallbacks.ts';

const backoff: Backoff = { firstMs: 500, maxMs: 8_000, jitter: 0.25 };
/** An endpoint that asks for a longer pause is not asked again. */
const longestRetryAfterMs = 60_000;

/** How often one completion is asked for again with a lower limit of tokens. */
const mostLimits = 2;

/** What an endpoint has said of its models. */
export interface KnownOfModels {
  fallbacks: KnownFallbacks;
  completionLimits: KnownCompletionLimits;
}

/** Milliseconds before a request that failed is sent again; undefined if it is not. */
const pauseBefore = (retry: number, error: unknown, maxRetries: number): number | undefined => {
  if (!(error instanceof ModelError) || !error.isRetryable || retry > maxRetries) return undefined;
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs <= longestRetryAfterMs ? error.retryAfterMs : undefined;
  }
  return backoffMs(retry, backoff);
};

const fallbackAfter = (error: unknown, body: Record<string, unknown>, api: ModelApi, inUse: ReadonlySet<string>) =>
  error instanceof EndpointError ? fallbackFor(error.problem, body, api.fallbacks, inUse) : undefined;

/** The limit that a rejected request needs, if it is lower than the one that it had. */
const limitAfter = (error: unknown, maxTokens: number | null) => {
  return error instanceof EndpointError && maxTokens !== null
    ? completionLimitIn(error.problem.text, maxTokens)
    : undefined;
};

/**
 * Writes one completion. As long as nothing has been written, a request is sent again without what the endpoint
 * rejects, with a limit of tokens that it accepts, and after a failure that may pass. Calls `failed` with the errors that
 * reject a limit and that of the last request, and rejects as `Model.complete` does.
 */
export const complete = async (
  endpoint: ModelEndpoint,
  api: ModelApi,
  known: KnownOfModels,
  request: ChatRequest,
  take: TakeDelta,
  failed: (error: unknown) => void,
): Promise<void> => {
  const model = { asked: request.model, sent: mappedName(endpoint.names, request.model) };
  const inUse = new Set(known.fallbacks.of(model.sent));
  const forValue = new Set<string>();
  let maxTokens = known.completionLimits.within(model.sent, request.maxTokens);
  let limits = 0;
  const use = ({ fallback, isForValue }: NeededFallback, error: unknown) => {
    inUse.add(fallback.name);
    if (isForValue) forValue.add(fallback.name);
    const said = error instanceof Error ? error.message : '';
    const howLong = isForValue ? 'for this value' : 'from now on';
    endpoint.log(`${model.sent} does not take ${fallback.name}: ${fallback.instead} ${howLong}. ${said}`);
  };
  for (let retry = 1; ; ) {
    const limited = { ...request, maxTokens };
    const body = api.bodyOf(limited, model.sent, inUse);
    const filter = new DeltaFilter(endpoint.secrets);
    let hasWritten = false;
    const takeClean: TakeDelta = (delta) => {
      if (!hasWritten) known.fallbacks.add(model.sent, new Set([...inUse].filter((name) => !forValue.has(name))));
      hasWritten = true;
      let waiting: Promise<void> | undefined;
      for (const each of filter.take(delta)) waiting = take(each) ?? waiting;
      return waiting;
    };
    try {
      await attempt(endpoint, api, limited, JSON.stringify(body), model, takeClean);
      return;
    } catch (error) {
      request.signal.throwIfAborted();
      const fallback = hasWritten ? undefined : fallbackAfter(error, body, api, inUse);
      if (fallback !== undefined) {
        use(fallback, error);
        continue;
      }
      const limit = hasWritten || limits === mostLimits ? undefined : limitAfter(error, maxTokens);
      if (limit !== undefined) {
        failed(error);
        known.completionLimits.set(model.sent, limit);
        maxTokens = limit.tokens;
        limits += 1;
        continue;
      }
      const pause = hasWritten ? undefined : pauseBefore(retry, error, endpoint.maxRetries);
      if (pause === undefined) {
        failed(error);
        throw endpoint.cleaned(error);
      }
      endpoint.log(`retry ${retry} in ${Math.ceil(pause)} ms: ${error instanceof Error ? error.message : ''}`);
      await sleep(pause, undefined, { signal: request.signal }).catch(() => request.signal.throwIfAborted());
      retry += 1;
    }
  }
};
