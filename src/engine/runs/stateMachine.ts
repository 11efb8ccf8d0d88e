import type { RestRun } from '../../wire/run.ts';
import { type ActiveRunStatus, isTerminalStatus, type RestRunStatus } from '../../wire/runStatus.ts';

/** The state machine: which statuses may follow each active one. None follows a terminal one. */
const followers: Record<ActiveRunStatus, readonly RestRunStatus[]> = {
  queued: ['in_progress', 'cancelling', 'expired'],
  in_progress: ['queued', 'requires_action', 'cancelling', 'completed', 'incomplete', 'failed', 'expired'],
  requires_action: ['queued', 'cancelling', 'expired'],
  cancelling: ['cancelled'],
};

/** The run in its next status, with `changes`. Throws if the state machine has no such step, which is a bug. */
export const runWithStatus = (run: RestRun, status: RestRunStatus, changes: Partial<RestRun> = {}): RestRun => {
  const allowed = isTerminalStatus(run.status) ? [] : followers[run.status];
  if (!allowed.includes(status)) throw new Error(`a run cannot go from ${run.status} to ${status}`);
  return { ...run, required_action: null, ...(isTerminalStatus(status) && { expires_at: null }), ...changes, status };
};
