import type { Received } from '../rest/received.ts';
import type { RestRun, RestRunStatus } from '../wire/run.ts';

const terminal: ReadonlySet<string> = new Set<RestRunStatus>([
  'completed',
  'incomplete',
  'failed',
  'cancelled',
  'expired',
]);

/** Whether the run has ended: nothing will change it any more but its metadata. */
export const isTerminal = ({ status }: Received<RestRun>) => status != null && terminal.has(status);
