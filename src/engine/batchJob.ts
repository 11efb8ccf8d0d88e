import { setTimeout as sleep } from 'node:timers/promises';

export interface BatchJob {
  /** Looks for work at once. */
  wake(): void;
  /** Resolves when the step in progress is done. */
  close(): Promise<void>;
}

export interface BatchJobOptions {
  /** What the job does, for the log. */
  name: string;
  /** Does a small part of the work. False if nothing is left. */
  step: () => Promise<boolean>;
  /** Milliseconds between looks for work. */
  intervalMs: number;
  /** Milliseconds between two steps, so that others get their turn. */
  pauseMs: number;
  /** Called with one-line log messages for the operator. An error that lasts is logged once. */
  log: (line: string) => void;
}

/** Does work in the background, in small steps. After an error it tries again at the next look for work. */
export const startBatchJob = ({ name, step, intervalMs, pauseMs, log }: BatchJobOptions): BatchJob => {
  const closing = new AbortController();
  let working: Promise<void> | undefined;
  let wokenAgain = false;
  let latestFailure: string | undefined;

  const work = async () => {
    try {
      do {
        wokenAgain = false;
        while (!closing.signal.aborted && (await step())) {
          await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
        }
      } while (wokenAgain && !closing.signal.aborted);
      latestFailure = undefined;
    } catch (error) {
      const line = `${name} failed, and is tried again: ${String(error)}`;
      if (line !== latestFailure) log(line);
      latestFailure = line;
    } finally {
      working = undefined;
    }
  };

  const wake = () => {
    wokenAgain = true;
    if (!closing.signal.aborted) working ??= work();
  };
  const timer = setInterval(wake, intervalMs);
  timer.unref();
  wake();
  return {
    wake,
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await working;
    },
  };
};
