import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Statuses after which a client sends the same request again. */
const retried = new Set([409, 429, 500, 502, 503, 504]);
const pauseMs = 100;
/** For one attempt. The official SDK waits for ten minutes; a replica without its database responds after half of one. */
const attemptMs = 40_000;
/** After which a request has failed. */
const maxMs = 180_000;

export interface RequestCounts {
  /** Requests that were acknowledged. */
  acknowledged: number;
  /** Attempts that were not, by status; `lost` if the connection was. */
  readonly failed: Map<string, number>;
}

export const newCounts = (): RequestCounts => ({ acknowledged: 0, failed: new Map() });

/**
 * Sends a POST request to the REST API until it is acknowledged, each time with the same `Idempotency-Key`, as the official SDKs do.
 * Rejects if it is rejected for good.
 */
export const post = async <Result>(url: string, counts: RequestCounts, path: string, body: object): Promise<Result> => {
  const headers = {
    'content-type': 'application/json',
    'openai-beta': 'assistants=v2',
    'idempotency-key': randomUUID(),
  };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const failed = (reason: string) => counts.failed.set(reason, (counts.failed.get(reason) ?? 0) + 1);
  for (const started = Date.now(); Date.now() - started < maxMs; await sleep(pauseMs)) {
    try {
      const response = await fetch(`${url}/v1${path}`, { ...init, signal: AbortSignal.timeout(attemptMs) });
      const text = await response.text();
      if (response.ok) {
        counts.acknowledged += 1;
        return JSON.parse(text) as Result;
      }
      failed(String(response.status));
      if (!retried.has(response.status)) throw new RejectedError(`${path}: ${response.status} ${text}`);
    } catch (error) {
      if (error instanceof RejectedError) throw error;
      failed('lost');
    }
  }
  throw new Error(`${path} was not acknowledged within ${maxMs / 1000} s`);
};

class RejectedError extends Error {
  override readonly name = 'RejectedError';
}
