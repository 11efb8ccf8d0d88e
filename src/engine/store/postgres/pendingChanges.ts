import type { CommittedChanges, RunChange } from '../changeNotifier.ts';
import type { ChangeHints } from './changePayloads.ts';

const isWaiting = (change: RunChange) =>
  change !== undefined && change.lease === null && (change.status === 'queued' || change.status === 'in_progress');

/** Committed changes of which the other replicas have not been notified. */
export class PendingChanges {
  readonly #runs = new Set<string>();
  /** Runs that no worker has claimed since. */
  readonly #waitingRuns = new Set<string>();
  #fileWaiting = false;
  #webhooksWaiting = false;

  get isEmpty(): boolean {
    return this.#runs.size === 0 && !this.#fileWaiting && !this.#webhooksWaiting;
  }

  add({ changedRuns, fileWaiting, webhooksWaiting }: CommittedChanges): void {
    for (const [runId, change] of changedRuns) {
      this.#runs.add(runId);
      if (isWaiting(change)) this.#waitingRuns.add(runId);
      else this.#waitingRuns.delete(runId);
    }
    this.#fileWaiting ||= fileWaiting;
    this.#webhooksWaiting ||= webhooksWaiting;
  }

  /**
   * Returns the changes and forgets them. A run that was added and claimed in the meantime, as by a worker of this process, is no work
   * for others.
   */
  take(): ChangeHints {
    const hints: ChangeHints = {
      runs: [...this.#runs],
      work: [
        ...(this.#waitingRuns.size > 0 ? (['runs'] as const) : []),
        ...(this.#fileWaiting ? (['files'] as const) : []),
        ...(this.#webhooksWaiting ? (['webhooks'] as const) : []),
      ],
    };
    this.#runs.clear();
    this.#waitingRuns.clear();
    this.#fileWaiting = false;
    this.#webhooksWaiting = false;
    return hints;
  }
}
