import type { Received } from '../rest/received.ts';
import type { RestRun, RestRunStatus } from '../wire/run.ts';

const terminal: ReadonlySet<string> = new Set<RestRunStatus>([
  'completed',
  'incomplete',
  'failed',
  'cancelled',
  'expired',
]);

/** Whether the run is in a terminal status: from then on only its metadata can change. */
export const hasEnded = ({ status }: Received<RestRun>) => status != null && terminal.has(status);
