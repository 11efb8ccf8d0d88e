import { type Backoff, backoffMs } from '../backoff.ts';
import type { RestCall } from './call.ts';
import type { Cancellation } from './cancellation.ts';
import type { OperationDeadline } from './deadline.ts';
import { AbortedError } from './errors/abortedError.ts';
import { ApiError, isMissing } from './errors/apiError.ts';
import { CircuitOpenError } from './errors/circuitOpenError.ts';
import { isRetryable, isUnsent } from './errors/temporary.ts';

/** Unless the upstream requests a longer delay. */
const BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000 };

/** A longer `retry-after` is not waited for even without a deadline, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000;

/** How one call may be retried. */
export interface Retries {
  /** The most retries of one call. */
  readonly max: number;
  /** Whether the call may be sent twice. If not, it is retried only after attempts of which no byte was sent. */
  readonly isRepeatable: boolean;
  readonly deadline: OperationDeadline | undefined;
}

/**
 * Milliseconds to wait after a failed attempt; undefined if there must be no other. `attempt` counts from 1. The delay is
 * random between 0 and an exponentially growing limit, and at least as long as the upstream's `retry-after`.
 */
export const retryDelay = (error: unknown, attempt: number, { max, isRepeatable, deadline }: Retries) => {
  if (attempt > max || !(isRepeatable ? isRetryable(error) : isUnsent(error))) return undefined;
  const retryAfterMs = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
  const delayMs = Math.max(backoffMs(attempt, BACKOFF), retryAfterMs);
  return delayMs >= (deadline?.remainingMs ?? MAX_RETRY_AFTER_MS) ? undefined : delayMs;
};

/**
 * Sends a call again after its first attempt has failed, while it may be retried. Rejects as the last attempt does, and with
 * AbortedError if it is cancelled while it waits. `ifGone` is the result of a deletion whose object is missing because an
 * earlier attempt has deleted it.
 */
export const retried = async <T>(
  call: RestCall,
  send: () => Promise<T>,
  failure: unknown,
  retries: Retries,
  cancellation: Cancellation,
  ifGone?: () => T,
): Promise<T> => {
  let latest = failure;
  let mayHaveHappened = false;
  for (let attempt = 1; ; attempt += 1) {
    const delayMs = retryDelay(latest, attempt, retries);
    if (delayMs === undefined) throw latest;
    mayHaveHappened ||= !isUnsent(latest);
    await pause(call, delayMs, cancellation);
    try {
      return await send();
    } catch (error) {
      if (ifGone !== undefined && mayHaveHappened && isMissing(error)) return ifGone();
      if (error instanceof CircuitOpenError) throw latest; // which says more about the upstream
      latest = error;
    }
  }
};

/** Rejects with AbortedError on cancellation. */
const pause = (call: RestCall, delayMs: number, cancellation: Cancellation) =>
  new Promise<void>((resolve, reject) => {
    const onCancel = () => {
      clearTimeout(timer);
      cancellation.removeListener(onCancel);
      reject(new AbortedError(call));
    };
    const timer = setTimeout(() => {
      cancellation.removeListener(onCancel);
      resolve();
    }, delayMs);
    if (cancellation.isCancelled) onCancel();
    else cancellation.addListener(onCancel);
  });
