/** The changes of a transaction that listeners are notified of once it is committed. */
export interface CommittedChanges {
  changedRuns: Set<string>;
  runWaiting: boolean;
  /** Whether a file waits to be indexed, or to be removed from the index. */
  fileWaiting: boolean;
}

/** Notifies listeners of committed changes. They are called in the order of their registration and must not throw. */
export const createChangeNotifier = () => {
  const runListeners = new Map<string, Set<() => void>>();
  const runWaitingListeners = new Set<() => void>();
  const fileWaitingListeners = new Set<() => void>();
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
      runWaitingListeners.add(listener);
      return () => runWaitingListeners.delete(listener);
    },

    onFileWaiting: (listener: () => void): (() => void) => {
      fileWaitingListeners.add(listener);
      return () => fileWaitingListeners.delete(listener);
    },

    notify: ({ changedRuns, runWaiting, fileWaiting }: CommittedChanges): void => {
      for (const runId of changedRuns) for (const listener of runListeners.get(runId) ?? []) listener();
      if (runWaiting) for (const listener of runWaitingListeners) listener();
      if (fileWaiting) for (const listener of fileWaitingListeners) listener();
    },
  };
};
