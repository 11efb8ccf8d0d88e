/** The run still changes, and locks its thread. */
export type ActiveRunStatus = 'queued' | 'in_progress' | 'requires_action' | 'cancelling';

/** The run has ended: only its metadata can change. */
export type TerminalRunStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'expired';

export type RestRunStatus = ActiveRunStatus | TerminalRunStatus;

const terminalStatuses: ReadonlySet<string> = new Set<TerminalRunStatus>([
  'completed',
  'incomplete',
  'failed',
  'cancelled',
  'expired',
]);

/** Whether a run of this status has ended. A status that the API does not define, as other servers may send, is not terminal. */
export const isTerminalStatus = (status: string): status is TerminalRunStatus => terminalStatuses.has(status);
