import type { RestMessage, RestMessageIncompleteReason } from '../../wire/message.ts';
import type { RestRunIncompleteReason, RestRunLastError, RestUsage } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { StoreReads } from '../store/store.ts';
import type { RunTransaction } from './runTransaction.ts';
import { noUsage } from './usage.ts';

/** How a run ends. */
export type RunEnding =
  | { status: 'completed'; filtered?: boolean }
  | { status: 'incomplete'; reason: RestRunIncompleteReason }
  | { status: 'failed'; error: RestRunLastError }
  | { status: 'cancelled' }
  | { status: 'expired' };

/** The objects of a run that are in progress. */
export interface OpenObjects {
  /** The step that creates `message`. */
  step?: RestRunStep | undefined;
  message?: RestMessage | undefined;
  /** The step whose calls have no outputs yet. */
  callStep?: RestRunStep | undefined;
}

/** The message and the steps in progress of a run. There is at most one of each kind. */
export const openObjectsOf = async (reads: StoreReads, { run }: RunRecord): Promise<OpenObjects> => {
  const open = (await reads.steps.ofRun(run.id)).filter(({ status }) => status === 'in_progress');
  const callStep = open.find(({ type }) => type === 'tool_calls');
  const step = open.find(({ type }) => type === 'message_creation');
  if (step?.step_details.type !== 'message_creation') return { callStep };
  const message = await reads.messages.get(run.thread_id, step.step_details.message_creation.message_id);
  return { callStep, step, message };
};

const incompleteReasons: Record<RunEnding['status'], RestMessageIncompleteReason | undefined> = {
  completed: undefined,
  incomplete: 'max_tokens',
  failed: 'run_failed',
  cancelled: 'run_cancelled',
  expired: 'run_expired',
};

/** Ends a message: `completed`, or `incomplete` for a reason. */
export const endMessage = (
  transaction: RunTransaction,
  message: RestMessage,
  reason: RestMessageIncompleteReason | undefined,
  now: number,
): void => {
  if (reason === undefined)
    transaction.recordMessage('completed', { ...message, status: 'completed', completed_at: now });
  else {
    const details = {
      status: 'incomplete',
      completed_at: null,
      incomplete_at: now,
      incomplete_details: { reason },
    } as const;
    transaction.recordMessage('incomplete', { ...message, ...details });
  }
};

/** Ends a step as its run ends. Calls cut off by a limit need no outputs, so their step is cancelled. */
const endStep = (
  transaction: RunTransaction,
  open: RestRunStep,
  ending: RunEnding,
  usage: RestUsage | null,
  now: number,
): void => {
  const step = { ...open, usage };
  const completed = () => transaction.recordStep('completed', { ...step, status: 'completed', completed_at: now });
  const cancelled = () => transaction.recordStep('cancelled', { ...step, status: 'cancelled', cancelled_at: now });
  switch (ending.status) {
    case 'completed':
      return completed();
    case 'incomplete':
      return step.type === 'tool_calls' ? cancelled() : completed();
    case 'cancelled':
      return cancelled();
    case 'expired':
      return transaction.recordStep('expired', { ...step, status: 'expired', expired_at: now });
    case 'failed': {
      const { code, message } = ending.error;
      const error = { code: code === 'rate_limit_exceeded' ? code : 'server_error', message } as const;
      return transaction.recordStep('failed', { ...step, status: 'failed', failed_at: now, last_error: error });
    }
  }
};

const timesOf = (ending: RunEnding, now: number) => {
  switch (ending.status) {
    case 'completed':
      return { completed_at: now };
    case 'incomplete':
      return { completed_at: now, incomplete_details: { reason: ending.reason } };
    case 'failed':
      return { failed_at: now, last_error: ending.error };
    case 'cancelled':
      return { cancelled_at: now };
    default:
      return {};
  }
};

/** Ends a run and its objects in progress: first the message, then the steps, then the run. */
export const endRun = (
  transaction: RunTransaction,
  ending: RunEnding,
  { step, message, callStep }: OpenObjects,
): void => {
  const now = unixSeconds();
  const filtered = ending.status === 'completed' && ending.filtered === true;
  if (message) endMessage(transaction, message, filtered ? 'content_filter' : incompleteReasons[ending.status], now);
  const { usage, pendingUsage, isCalling } = transaction.record.progress;
  if (step) endStep(transaction, step, ending, callStep === undefined ? pendingUsage : noUsage, now);
  if (callStep) endStep(transaction, callStep, ending, pendingUsage, now);
  transaction.update({ claimAfter: null, lease: null });
  transaction.transition(ending.status, { ...timesOf(ending, now), usage: isCalling ? null : usage });
};
