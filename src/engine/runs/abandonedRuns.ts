import type { Store } from '../store/store.ts';

/** Runs whose lease a worker holds although it does not execute them, because it could not write to them. */
export class AbandonedRuns {
  readonly #store: Store;
  readonly #lease: string;
  readonly #runIds = new Set<string>();

  constructor(store: Store, lease: string) {
    this.#store = store;
    this.#lease = lease;
  }

  add(runId: string): void {
    this.#runIds.add(runId);
  }

  isAny(): boolean {
    return this.#runIds.size > 0;
  }

  /** The worker executes the run again. */
  remove(runId: string): void {
    this.#runIds.delete(runId);
  }

  /** Gives up the leases, so that a worker can claim the runs at once. Rejects if that cannot be written. */
  async release(): Promise<void> {
    for (const runId of this.#runIds) {
      await this.#store.write(async (writes) => {
        const latest = await writes.runs.lock(runId);
        if (latest?.lease !== this.#lease || !this.#runIds.has(runId)) return;
        await writes.runs.update({ ...latest, lease: null, claimAfter: Date.now() });
      });
      this.#runIds.delete(runId);
    }
  }
}
