import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../observability/metrics.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { headersOf } from './headers.ts';
import { sendError, sendJson } from './json.ts';
import type { Readiness } from './readiness.ts';
import { sendRestRefusal } from './restApi.ts';

export interface ProbeOptions {
  readonly pipeline: Pipeline;
  readonly readiness: () => Promise<Readiness>;
  /** Served at `/metrics`; undefined if that is off. */
  readonly metrics: Pick<Metrics, 'contentType' | 'text'> | undefined;
}

/** Sends what `/ready` returns: status 200 if the server is ready, 503 otherwise. */
export const sendReadiness = async ({ readiness }: ProbeOptions, response: ServerResponse): Promise<void> => {
  const body = await readiness();
  sendJson(response, body.status === 'ready' ? 200 : 503, body, { 'cache-control': 'no-store' });
};

/** Sends what `/metrics` returns, only to those that may send requests at all, so that no page of another origin reads it. */
export const sendMetrics = async (
  { pipeline, metrics }: ProbeOptions,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (metrics === undefined) return sendError(response, 404, 'Metrics are off. Set METRICS=on to serve them.');
  try {
    await pipeline.admit({ surface: 'metrics', headers: headersOf(request) });
  } catch (error) {
    return sendRestRefusal(error, response);
  }
  const body = await metrics.text();
  return response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(body);
};
