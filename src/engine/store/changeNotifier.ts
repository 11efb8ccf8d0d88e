import type { RestRunStatus } from '../../wire/runStatus.ts';
import type { StoredRunEvent } from './access/events.ts';

/**
 * A run as a transaction left it; undefined if it was deleted, or if another process may have changed it. `events` are those
 * that the transaction added; undefined if they have to be read.
 */
export type RunChange =
  | { status: RestRunStatus; lease: string | null; events?: readonly StoredRunEvent[] | undefined }
  | undefined;

export type RunListener = (change: RunChange) => void;

/** The changes of a transaction that listeners are notified of once it is committed. */
export interface CommittedChanges {
  /** By id. */
  changedRuns: Map<string, RunChange>;
  runWaiting: boolean;
  /** Whether a file waits to be indexed, or to be removed from the index. */
  fileWaiting: boolean;
  webhooksWaiting: boolean;
  /** Whether a thread was deleted whose rows have to be removed. */
  threadDeleted: boolean;
}

export const noChanges = (): CommittedChanges => ({
  changedRuns: new Map(),
  runWaiting: false,
  fileWaiting: false,
  webhooksWaiting: false,
  threadDeleted: false,
});

/** Notifies listeners of committed changes. They are called in the order of their registration and must not throw. */
export const createChangeNotifier = () => {
  const runListeners = new Map<string, Set<RunListener>>();
  const runWaitingListeners = new Set<() => void>();
  const fileWaitingListeners = new Set<() => void>();
  const webhookWaitingListeners = new Set<() => void>();
  const threadDeletedListeners = new Set<() => void>();
  return {
    onRunChange: (runId: string, listener: RunListener): (() => void) => {
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

    onWebhookWaiting: (listener: () => void): (() => void) => {
      webhookWaitingListeners.add(listener);
      return () => webhookWaitingListeners.delete(listener);
    },

    onThreadDeleted: (listener: () => void): (() => void) => {
      threadDeletedListeners.add(listener);
      return () => threadDeletedListeners.delete(listener);
    },

    /** Ids of the runs that have listeners. */
    watchedRuns: (): string[] => [...runListeners.keys()],

    /** Calls every listener: anything may have changed. */
    notifyAll: (): void => {
      for (const listeners of runListeners.values()) for (const listener of listeners) listener(undefined);
      const others = [runWaitingListeners, fileWaitingListeners, webhookWaitingListeners, threadDeletedListeners];
      for (const listeners of others) for (const listener of listeners) listener();
    },

    notify: ({ changedRuns, runWaiting, fileWaiting, webhooksWaiting, threadDeleted }: CommittedChanges): void => {
      for (const [runId, change] of changedRuns) for (const listener of runListeners.get(runId) ?? []) listener(change);
      if (runWaiting) for (const listener of runWaitingListeners) listener();
      if (fileWaiting) for (const listener of fileWaitingListeners) listener();
      if (webhooksWaiting) for (const listener of webhookWaitingListeners) listener();
      if (threadDeleted) for (const listener of threadDeletedListeners) listener();
    },
  };
};

export type ChangeNotifier = ReturnType<typeof createChangeNotifier>;
