import { isPoolTimeout } from './postgresErrors.ts';

/** Milliseconds between two attempts to reach a database. */
const retryMs = 1000;

/** Whether the database of a pool can be reached. */
export interface Reachability {
  /** Has to be called when a connection was lost or could not be made. Then the database is tried until it responds. */
  onLost(): void;
  isReachable(): boolean;
  close(): void;
}

/** `ping` rejects if the database cannot be reached. */
export const watchReachability = (ping: () => Promise<unknown>): Reachability => {
  let isReachable = true;
  let isClosed = false;
  let trying: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const attempt = async () => {
    try {
      await ping();
      isReachable = true;
    } catch (error) {
      if (!isPoolTimeout(error)) isReachable = false; // While all connections are in use nothing is known.
      if (!isClosed) timer = setTimeout(attemptAgain, retryMs).unref();
    }
    trying = undefined;
  };
  const attemptAgain = () => {
    timer = undefined;
    trying ??= attempt();
  };
  return {
    onLost: () => {
      if (timer === undefined && !isClosed) trying ??= attempt();
    },
    isReachable: () => isReachable,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
};
