import type { RestRun } from '../../wire/run.ts';

/** Observes the runs of an engine, for example to trace them. */
export interface RunObserver {
  /**
   * Called when a request has created a run, or continued it with the outputs of its tools. `headers` are those trace headers
   * (`traceparent`, `tracestate`) that the request has.
   */
  readonly requested: (runId: string, headers: Readonly<Record<string, string>>) => void;
  /** Called when a worker has claimed a run; the returned function, with its status then, when the worker leaves it. */
  readonly claimed: (run: RestRun) => (status: RestRun['status'] | undefined) => void;
}
