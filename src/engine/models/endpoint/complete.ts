import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../../backoff.ts';
import type { ChatDelta } from '../delta.ts';
import type { ChatRequest } from '../model.ts';
import { ModelError } from '../modelError.ts';
import { mappedName } from '../names.ts';
import type { ModelApi } from './api.ts';
import { attempt } from './attempt.ts';
import { DeltaFilter } from './deltaFilter.ts';
import type { ModelEndpoint } from './modelEndpoint.ts';
import { EndpointError } from './endpointError.ts';
import { type Fallback, fallbackFor, type KnownFallbacks } from './fallbacks.ts';

const backoff: Backoff = { firstMs: 500, maxMs: 8_000, jitter: 0.25 };
/** An endpoint that asks for a longer pause is not asked again. */
const longestRetryAfterMs = 60_000;

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

/**
 * Yields one completion. As long as nothing has been yielded, a request is sent again without what the endpoint
 * rejects, and after a failure that may pass. Calls `failed` with the error of the last request, and rejects as `Model.complete` does.
 */
export async function* complete(
  endpoint: ModelEndpoint,
  api: ModelApi,
  known: KnownFallbacks,
  request: ChatRequest,
  failed: (error: unknown) => void,
): AsyncGenerator<ChatDelta> {
  const model = { asked: request.model, sent: mappedName(endpoint.names, request.model) };
  const inUse = new Set(known.of(model.sent));
  const remember = (fallback: Fallback, error: unknown) => {
    inUse.add(fallback.name);
    const said = error instanceof Error ? error.message : '';
    endpoint.log(`${model.sent} does not take ${fallback.name}: ${fallback.instead} from now on. ${said}`);
  };
  for (let retry = 1; ; ) {
    const body = api.bodyOf(request, model.sent, inUse);
    const filter = new DeltaFilter(endpoint.secrets);
    let hasWritten = false;
    try {
      for await (const delta of attempt(endpoint, api, request, JSON.stringify(body), model)) {
        if (!hasWritten) known.add(model.sent, inUse);
        hasWritten = true;
        for (const each of filter.take(delta)) yield each;
      }
      return;
    } catch (error) {
      request.signal.throwIfAborted();
      const fallback = hasWritten ? undefined : fallbackAfter(error, body, api, inUse);
      if (fallback !== undefined) {
        remember(fallback, error);
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
}
