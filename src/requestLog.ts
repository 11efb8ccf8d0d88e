import type { Cost } from './context.ts';
import type { Log } from './log.ts';

/** What is told of an operation that was executed. */
export interface Executed {
  readonly operationName: string | null | undefined;
  /** By `performance.now()`. */
  readonly started: number;
  readonly cost: Cost;
  /** How many errors it had. */
  readonly errors: number;
}

/** The request log: a line for each operation. */
export const logRequest = (log: Log, { operationName, started, cost, errors }: Executed) =>
  log.info('graphql', {
    operation: operationName ?? 'anonymous',
    ms: Math.round(performance.now() - started),
    upstreamCalls: cost.calls,
    errors,
  });
