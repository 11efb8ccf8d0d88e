import type { Log } from '../observability/log.ts';

/** What has to be stopped, in this order. */
export interface Stoppable {
  /** Reports that the server is stopping, which ends streams. */
  readonly announce: () => void;
  /** Finishes the requests under way, for up to `graceMs`. */
  readonly finish: (graceMs: number) => Promise<void>;
  /** Closes what requests use: the upstream, traces. */
  readonly close: () => Promise<unknown>;
}

/** How long requests under way may take to finish once the process is being stopped. Containers are killed after 10 s. */
const GRACE_MS = 8000;

/** Signals that come this close together are one press of Ctrl-C, which npm passes on a second time. */
const SAME_PRESS_MS = 500;

const PARENT_CHECK_MS = 500;

/** Stops the server on SIGINT or SIGTERM and ends the process with exit code 0; with 1, at once, on a second signal. */
export const stopOnSignal = ({ announce, finish, close }: Stoppable, log: Log): void => {
  let firstAt: number | undefined;
  const stop = async (signal: string) => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > SAME_PRESS_MS) process.exit(1);
      return;
    }
    firstAt = performance.now();
    log.info('stopping', {
      signal,
      graceMs: GRACE_MS,
      message: 'Requests under way may finish; a second signal ends them.',
    });
    announce();
    await finish(GRACE_MS);
    await close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
  whenNpmHasEnded(() => void stop('end of npm'));
};

/**
 * npx starts a command by a shell, and a signal to npx ends only that shell: the server would be left behind. Started by npm,
 * it therefore stops when its parent has ended. Windows does not report that.
 */
const whenNpmHasEnded = (stop: () => void) => {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
  timer.unref();
};
