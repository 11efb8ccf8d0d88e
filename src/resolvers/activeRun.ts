import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import { activeRunIdIn } from '../rest/errors/activeRun.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { isTemporary } from '../rest/errors/temporary.ts';
import { ended } from './waiting.ts';

/** What to do where a thread has an active run, and so refuses another, or a message. */
export type ActiveRunPolicy = 'REJECT' | 'WAIT' | 'CANCEL';

/**
 * Carries out a write that an active run may stand in the way of. WAIT waits for that run to end, CANCEL cancels it first;
 * both then try again, until the deadline for waiting has passed: then, as with REJECT at once, the refusal is thrown.
 */
export const pastActiveRun = async <Result>(
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
      if (!(await ended({ threadId, runId }, deadline - Date.now(), context))) throw error;
      // Some upstreams let go of a thread a little later than they tell of the run's end.
      if (runId === endedBefore) await pause(pollMinMs);
      endedBefore = runId;
    }
  }
};

/**
 * Cancels a run, however often the upstream fails until the deadline: a second cancellation does no harm. A run that has ended,
 * or that is already being cancelled, cannot be cancelled (400): all that matters is that it ends.
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
