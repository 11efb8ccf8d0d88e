import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attributes, Context as SpanContext, Span } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { RunObserver } from '../engine/runs/runObserver.ts';
import { restOperationOf } from '../rest/operationName.ts';
import { outcomeOf } from './labels.ts';
import type { Log } from './log.ts';
import type { TraceHeaders } from './traceContext.ts';
import type { OperationTrace, Tracing } from './tracing.ts';

/** Thrown if tracing is configured and the packages that it needs are not installed. The message is for an operator. */
export class TracingUnavailableError extends Error {
  override readonly name = 'TracingUnavailableError';
}

/** How many runs are remembered with the request that caused them. */
const MAX_RUNS = 10_000;

/** How long the last spans may take to be sent, in milliseconds. */
const CLOSE_MS = 1500;

/** Loaded only if tracing is configured: the packages are 28 MB on disk, so that they are optional, and take 60 ms to load. */
const loadPackages = async () => {
  const [api, sdk, exporter, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  return { api, sdk, exporter, resources };
};

const explained = (error: unknown) => {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  if (!isMissing) throw error;
  throw new TracingUnavailableError(
    'OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages that send traces are not installed. npm install @opentelemetry/api @opentelemetry/sdk-trace-base @opentelemetry/resources @opentelemetry/exporter-trace-otlp-http installs them.',
  );
};

const quiet = () => {};

const headersOf = (span: Span): TraceHeaders => {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize();
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
};

/**
 * Sends spans by OTLP over HTTP, as the variables OTEL_EXPORTER_OTLP_*, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
 * OTEL_TRACES_SAMPLER and OTEL_BSP_* say, which the SDK reads. Rejects with TracingUnavailableError.
 */
export const startOpenTelemetry = async (version: string, log: Log): Promise<Tracing> => {
  const { api, sdk, exporter, resources } = await loadPackages().catch(explained);
  const failed = (message: string) => log.error('tracing', { message });
  api.diag.setLogger(
    { error: failed, warn: failed, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const detected = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new sdk.BasicTracerProvider({
    resource: resources
      .resourceFromAttributes({ 'service.name': 'assistants-graphql', 'service.version': version })
      .merge(detected),
    spanProcessors: [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('assistants-graphql', version);

  /** The context in which a span that these headers name is the parent. */
  const remote = ({ traceparent, tracestate }: TraceHeaders): SpanContext => {
    const [, traceId = '', spanId = '', flags = ''] = traceparent?.split('-') ?? [];
    if (traceId === '') return api.ROOT_CONTEXT;
    const traceFlags = Number.parseInt(flags, 16);
    const parent = { traceId, spanId, traceFlags, isRemote: true };
    const state = tracestate === undefined ? {} : { traceState: api.createTraceState(tracestate) };
    return api.trace.setSpanContext(api.ROOT_CONTEXT, { ...parent, ...state });
  };

  const begin = (name: string, parent: SpanContext, attributes: Attributes = {}, kind = api.SpanKind.INTERNAL) =>
    tracer.startSpan(name, { kind, attributes }, parent);

  /** A message of an error may quote what clients wrote: only its kind is sent. */
  const end = (span: Span, failure: string | undefined) => {
    if (failure !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR }).setAttribute('error.type', failure);
    span.end();
  };

  // Only for batches, from which REST calls follow at a later time: each operation has its own trace at hand.
  const batches = new AsyncLocalStorage<SpanContext>();

  const operation = (headers: TraceHeaders): OperationTrace => {
    const span = begin('operation', remote(headers), {}, api.SpanKind.SERVER);
    const own = api.trace.setSpan(api.ROOT_CONTEXT, span);
    return {
      started: ({ kind, name, requestId }) =>
        span.updateName(`${kind} ${name}`).setAttributes({
          'graphql.operation.type': kind,
          'graphql.operation.name': name,
          'request.id': requestId,
        }),
      ended: (code) => end(span, code),
      observeBatch: async (type, size, read) => {
        const batch = begin(`batch ${type}`, own, { 'batch.size': size });
        const results = await batches.run(api.trace.setSpan(own, batch), read).catch((error: unknown) => {
          end(batch, error instanceof Error ? error.name : 'Error');
          throw error;
        });
        void Promise.allSettled(results).then(() => batch.end());
        return results;
      },
      callObserver: (call) => {
        const attributes = { 'http.request.method': call.method };
        const sent = begin(restOperationOf(call), batches.getStore() ?? own, attributes, api.SpanKind.CLIENT);
        let latest: number | undefined;
        return {
          headers: headersOf(sent),
          responded: (status) => {
            latest = status;
            sent.setAttribute('http.response.status_code', status);
          },
          ended: (error) => end(sent, error === undefined ? undefined : outcomeOf(latest, error)),
        };
      },
    };
  };

  const causes = new LRUCache<string, TraceHeaders>({ max: MAX_RUNS });
  const runs: RunObserver = {
    requested: (runId, headers) => void causes.set(runId, headers),
    claimed: ({ id, thread_id, model }) => {
      const attributes = { 'run.id': id, 'thread.id': thread_id, 'gen_ai.request.model': model };
      const span = begin('run', remote(causes.get(id) ?? {}), attributes);
      return (status) => {
        if (status !== undefined) span.setAttribute('run.status', status);
        end(span, status === 'failed' ? 'failed' : undefined);
      };
    },
  };

  // A collector that cannot be reached must not hold the process.
  const close = () => Promise.race([provider.shutdown().catch(() => {}), sleep(CLOSE_MS, undefined, { ref: false })]);
  return { operation, runs, close };
};
