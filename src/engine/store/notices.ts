/** What a transaction has changed that others wait for; told to them once it is committed. */
export interface Notices {
  changedRuns: Set<string>;
  runWaiting: boolean;
}

/** Who waits for what. Listeners are called in turn and must not throw. */
export const noticeBoard = () => {
  const runListeners = new Map<string, Set<() => void>>();
  const waitingListeners = new Set<() => void>();
  return {
    onRunChange: (runId: string, listener: () => void): (() => void) => {
      const listeners = runListeners.get(runId) ?? new Set();
      runListeners.set(runId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && runListeners.get(runId) === listeners) runListeners.delete(runId);
      };
    },

    onRunWaiting: (listener: () => void): (() => void) => {
      waitingListeners.add(listener);
      return () => waitingListeners.delete(listener);
    },

    tell: ({ changedRuns, runWaiting }: Notices): void => {
      for (const runId of changedRuns) for (const listener of runListeners.get(runId) ?? []) listener();
      if (runWaiting) for (const listener of waitingListeners) listener();
    },
  };
};
