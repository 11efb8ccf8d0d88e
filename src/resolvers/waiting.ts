import type { Context } from '../context/context.ts';
import { userInputError } from '../context/errors.ts';
import type { Latest } from '../live/latest.ts';
import type { RunKey } from '../loaders/run.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { hasEnded } from '../live/ended.ts';

type Run = Received<RestRun>;

/** Whether nothing more happens to a run by itself: it has ended, or waits for outputs. */
const isSettled = (run: Run) => hasEnded(run) || run.status === 'requires_action';

/**
 * The last of the updates once `enough` says so, or once the time is up, whichever comes first. A failure to follow a run is
 * no failure of the write that came before: the run is then given as it was last seen.
 */
const waited = async (run: Run, updates: Latest<Run>, enough: (run: Run) => boolean, waitMs: number) => {
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

/** Checks how long a write shall wait, before it is carried out; throws BAD_USER_INPUT outside 0 to 60 seconds. */
export const waitMsOf = (waitSeconds: number | null | undefined) => {
  const seconds = waitSeconds ?? 0;
  if (seconds >= 0 && seconds <= MAX_WAIT_SECONDS) return seconds * 1000;
  throw userInputError(`\`waitSeconds\` must be 0 to ${MAX_WAIT_SECONDS}, got ${seconds}.`);
};

/**
 * A run that was just written, once it has ended or needs action; as it is when the time is up. It is read for this alone: what
 * others knew of it before might still be the action that it needed then.
 */
export const settled = async (run: Run, waitMs: number, { readRun, deadline }: Context) => {
  if (waitMs === 0 || isSettled(run)) return run;
  deadline.extend(waitMs);
  return waited(run, readRun({ threadId: run.thread_id, runId: run.id }), isSettled, waitMs);
};

/** Waits until a run has ended, at most `waitMs`; false where it has not. */
export const ended = async ({ threadId, runId }: RunKey, waitMs: number, { followRun }: Context) => {
  if (waitMs <= 0) return false;
  const run = await waited({ id: runId, thread_id: threadId }, followRun({ threadId, runId }), hasEnded, waitMs);
  return hasEnded(run);
};
