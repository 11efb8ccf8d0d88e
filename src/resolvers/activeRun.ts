import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context/context.ts';
import type { RunKey } from '../loaders/run.ts';
import { activeRunIdIn } from '../rest/errors/activeRun.ts';
import { ApiError } from '../rest/errors/apiError.ts';
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
      if (policy === 'CANCEL') await cancel({ threadId, runId }, context);
      if (!(await ended({ threadId, runId }, deadline - Date.now(), context))) throw error;
      // Some upstreams let go of a thread a little later than they tell of the run's end.
      if (runId === endedBefore) await pause(pollMinMs);
      endedBefore = runId;
    }
  }
};

/** A run that ended meanwhile, or is being cancelled already, refuses to be cancelled: that it ends is all that is wanted. */
const cancel = async ({ threadId, runId }: RunKey, { rest, loaders }: Context) => {
  try {
    loaders.runs.wrote(await rest.runs.cancel(threadId, runId));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 400)) throw error;
  }
};
