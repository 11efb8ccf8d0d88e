import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { isTerminalStatus } from '../wire/runStatus.ts';

/** Whether the run has ended: only its metadata can still change. */
export const hasEnded = ({ status }: Received<RestRun>) => status != null && isTerminalStatus(status);
