import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import { activeRunIdIn } from '../rest/errors/activeRun.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { isTemporary } from '../rest/errors/temporary.ts';
import { waitUntilEnded } from './waiting.ts';

/** What to do if a thread has an active run, which blocks new runs and new messages. */
export type ActiveRunPolicy = 'REJECT' | 'WAIT' | 'CANCEL';

/**
 * Carries out a write that an active run may block. WAIT waits for that run to end, CANCEL cancels it first; both then try
 * again until the deadline has passed. After that, and at once for REJECT, the upstream's error is thrown.
 */
export const withActiveRunPolicy = async <Result>(
  policy: ActiveRunPolicy | null | undefined,
  threadId: string,
  context: Context,
  write: () => Promise<Result>,
): Promise<Result> => {
  const { activeRunWaitMs, pollMinMs } = context.limits;
  const deadline = Date.now() + activeRunWaitMs;
  let endedBefore: string | undefined;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const runId = activeRunIdIn(error);
      if (runId === null || (policy !== 'WAIT' && policy !== 'CANCEL')) throw error;
      if (endedBefore === undefined) context.deadline.extend(activeRunWaitMs);
      if (policy === 'CANCEL') await cancel({ threadId, runId }, context, deadline);
      if (!(await waitUntilEnded({ threadId, runId }, deadline - Date.now(), context))) throw error;
      // Some upstreams unlock a thread a little later than they report the end of its run.
      if (runId === endedBefore) await pause(pollMinMs);
      endedBefore = runId;
    }
  }
};

/**
 * Retries temporary failures until the deadline: a second cancellation does no harm. Ignores the 400 for a run that has already
 * ended or is already being cancelled: it ends in either case.
 */
const cancel = async ({ threadId, runId }: RunKey, { rest, loaders, limits }: Context, deadline: number) => {
  for (;;) {
    try {
      loaders.runs.wrote(await rest.runs.cancel(threadId, runId));
      return;
    } catch (error) {
      if (error instanceof ApiError && error.status === 400) return;
      if (!isTemporary(error) || Date.now() + limits.pollMinMs >= deadline) throw error;
      await pause(limits.pollMinMs);
    }
  }
};
