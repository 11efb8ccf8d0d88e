import type { RestRun, RestRunStatus } from '../../wire/run.ts';

/** The state machine: what each state may be followed by. Those that nothing follows are the ends of a run. */
const followers: Record<RestRunStatus, readonly RestRunStatus[]> = {
  queued: ['in_progress', 'cancelling', 'expired'],
  in_progress: ['requires_action', 'cancelling', 'completed', 'incomplete', 'failed', 'expired'],
  requires_action: ['queued', 'cancelling', 'expired'],
  cancelling: ['cancelled'],
  cancelled: [],
  failed: [],
  completed: [],
  incomplete: [],
  expired: [],
};

export const isTerminal = (status: RestRunStatus): boolean => followers[status].length === 0;

/** The run in its next state, with `changes`. Throws where the state machine has no such step, which is a fault of ours. */
export const runIn = (run: RestRun, status: RestRunStatus, changes: Partial<RestRun> = {}): RestRun => {
  if (!followers[run.status].includes(status)) throw new Error(`a run cannot go from ${run.status} to ${status}`);
  return { ...run, required_action: null, ...(isTerminal(status) && { expires_at: null }), ...changes, status };
};
