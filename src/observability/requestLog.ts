import type { OperationRule } from '../pipeline/rule.ts';
import type { Log } from './log.ts';

/** Logs a line for each operation, once it has ended. */
export const requestLog = (log: Log): OperationRule => ({
  observe: ({ name, caller: { requestId } }) => {
    const started = performance.now();
    return ({ upstreamCalls, errors, events }) =>
      log.info('graphql', {
        requestId,
        operation: name,
        ms: Math.round(performance.now() - started),
        upstreamCalls,
        errors: errors.length,
        events,
      });
  },
});
