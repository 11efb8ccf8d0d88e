import type { Context } from '../context/context.ts';
import { userInputError } from '../context/errors.ts';
import type { Latest } from '../live/latest.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { hasEnded } from '../live/ended.ts';

type Run = Received<RestRun>;

/** Whether a run has ended or waits for tool outputs, so that it does not change by itself. */
const isSettled = (run: Run) => hasEnded(run) || run.status === 'requires_action';

/**
 * The first update for which `enough` is true, or the last one when the time is up. If following the run fails, the write before
 * it has not failed: the run is then returned as it was last seen.
 */
const followUntil = async (run: Run, updates: Latest<Run>, enough: (run: Run) => boolean, waitMs: number) => {
  const timer = setTimeout(() => void updates.return(), waitMs);
  let latest = run;
  try {
    for await (const update of updates) {
      latest = update;
      if (enough(update)) break;
    }
  } catch {
    return latest;
  } finally {
    clearTimeout(timer);
  }
  return latest;
};

const MAX_WAIT_SECONDS = 60;

/** `waitSeconds` in milliseconds, 0 by default. Throws BAD_USER_INPUT outside 0 to 60 seconds. */
export const waitMilliseconds = (waitSeconds: number | null | undefined) => {
  const seconds = waitSeconds ?? 0;
  if (seconds >= 0 && seconds <= MAX_WAIT_SECONDS) return seconds * 1000;
  throw userInputError(`\`waitSeconds\` must be 0 to ${MAX_WAIT_SECONDS}, got ${seconds}.`);
};

/**
 * A run that was just written, once it has ended or requires action, or when the time is up. It has a poller of its own: a shared
 * one might return the action that the run required before the write.
 */
export const waitUntilSettled = async (run: Run, waitMs: number, { readRun, deadline }: Context) => {
  if (waitMs === 0 || isSettled(run)) return run;
  deadline.extend(waitMs);
  return followUntil(run, readRun({ threadId: run.thread_id, runId: run.id }), isSettled, waitMs);
};

/** Waits up to `waitMs` milliseconds for a run to end; false if it has not. */
export const waitUntilEnded = async ({ threadId, runId }: RunKey, waitMs: number, { followRun }: Context) => {
  if (waitMs <= 0) return false;
  const run = await followUntil({ id: runId, thread_id: threadId }, followRun({ threadId, runId }), hasEnded, waitMs);
  return hasEnded(run);
};
