import type { RunObserver } from '../engine/runs/runObserver.ts';
import type { BatchObserver } from '../loaders/batching.ts';
import type { CallObserver } from '../rest/callObserver.ts';
import type { TraceHeaders } from './traceContext.ts';

/** The span of one operation, and what is below it. */
export interface OperationTrace {
  readonly callObserver: CallObserver;
  readonly observeBatch: BatchObserver;
  readonly started: (fields: { readonly kind: string; readonly name: string; readonly requestId: string }) => void;
  /** `code` is that of the first error, if there is one. */
  readonly ended: (code: string | undefined) => void;
}

/** Makes spans and sends them to a collector. */
export interface Tracing {
  /** `headers` are those of the client's request. */
  readonly operation: (headers: TraceHeaders) => OperationTrace;
  /** Makes a span each time that a worker of the embedded engine has claimed a run. */
  readonly runs: RunObserver;
  /** Sends what has not been sent yet. */
  readonly close: () => Promise<void>;
}
