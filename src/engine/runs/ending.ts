import type { RestMessage, RestMessageIncompleteReason } from '../../wire/message.ts';
import type { RestRunIncompleteReason, RestRunLastError } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import { unixSeconds } from '../clock.ts';
import type { RunRecord, StoreReads } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { noUsage } from './usage.ts';

/** How a run ends. */
export type Ending =
  | { status: 'completed'; filtered?: boolean }
  | { status: 'incomplete'; reason: RestRunIncompleteReason }
  | { status: 'failed'; error: RestRunLastError }
  | { status: 'cancelled' }
  | { status: 'expired' };

/** What of a run is still being written. */
export interface OpenWork {
  step?: RestRunStep | undefined;
  message?: RestMessage | undefined;
}

/** The step in progress of a run, and its message where it writes one. There is one at most. */
export const openWorkOf = async (reads: StoreReads, { run }: RunRecord): Promise<OpenWork> => {
  const step = (await reads.steps.ofRun(run.id)).find(({ status }) => status === 'in_progress');
  if (step?.step_details.type !== 'message_creation') return { step };
  return { step, message: await reads.messages.get(run.thread_id, step.step_details.message_creation.message_id) };
};

const cutReasons: Record<Ending['status'], RestMessageIncompleteReason | undefined> = {
  completed: undefined,
  incomplete: 'max_tokens',
  failed: 'run_failed',
  cancelled: 'run_cancelled',
  expired: 'run_expired',
};

/** Ends a message: whole, or cut short for a reason. */
export const endMessage = (
  ledger: Ledger,
  message: RestMessage,
  reason: RestMessageIncompleteReason | undefined,
  now: number,
): void => {
  if (reason === undefined) ledger.message('completed', { ...message, status: 'completed', completed_at: now });
  else {
    const details = { status: 'incomplete', incomplete_at: now, incomplete_details: { reason } } as const;
    ledger.message('incomplete', { ...message, ...details });
  }
};

/** Ends a step as the run ends. Calls that a limit cut short are nobody's to answer, so their step counts as cancelled. */
const endStep = (ledger: Ledger, open: RestRunStep, ending: Ending, now: number): void => {
  const step = { ...open, usage: ledger.record.progress.pendingUsage ?? noUsage };
  const completed = () => ledger.step('completed', { ...step, status: 'completed', completed_at: now });
  const cancelled = () => ledger.step('cancelled', { ...step, status: 'cancelled', cancelled_at: now });
  switch (ending.status) {
    case 'completed':
      return completed();
    case 'incomplete':
      return step.type === 'tool_calls' ? cancelled() : completed();
    case 'cancelled':
      return cancelled();
    case 'expired':
      return ledger.step('expired', { ...step, status: 'expired', expired_at: now });
    case 'failed': {
      const { code, message } = ending.error;
      const error = { code: code === 'rate_limit_exceeded' ? code : 'server_error', message } as const;
      return ledger.step('failed', { ...step, status: 'failed', failed_at: now, last_error: error });
    }
  }
};

const timesOf = (ending: Ending, now: number) => {
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

/** Ends a run, and with it what is open: first the message, then the step, then the run. */
export const endRun = (ledger: Ledger, ending: Ending, { step, message }: OpenWork): void => {
  const now = unixSeconds();
  const filtered = ending.status === 'completed' && ending.filtered === true;
  if (message) endMessage(ledger, message, filtered ? 'content_filter' : cutReasons[ending.status], now);
  if (step) endStep(ledger, step, ending, now);
  const { usage } = ledger.record.progress;
  ledger.keep({ claimAfter: null, lease: null });
  ledger.run(ending.status, { ...timesOf(ending, now), usage });
};
