import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const intervalMs = 50;

export interface Takeovers {
  /** Milliseconds from the latest fault until another worker had the lease of a run, of each run. */
  stop(): Promise<number[]>;
}

/** Watches which runs change directly from one lease to another. `faultAt` is when the latest fault began. */
export const watchTakeovers = async (databaseUrl: string, faultAt: () => number): Promise<Takeovers> => {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // The statement that it interrupts rejects too.
  await client.connect();
  const stopping = new AbortController();
  const taken: number[] = [];
  const watch = async () => {
    let leases = new Map<string, string>();
    while (!stopping.signal.aborted) {
      const { rows } = await client.query<{ id: string; lease: string | null }>(
        'select id, lease from runs where active = 1',
      );
      const now = new Map<string, string>();
      for (const { id, lease } of rows) {
        const before = leases.get(id);
        if (before !== undefined && lease !== null && lease !== before) taken.push(Date.now() - faultAt());
        const known = lease ?? before;
        if (known !== undefined) now.set(id, known);
      }
      leases = now;
      await sleep(intervalMs);
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      await client.end();
      return taken;
    },
  };
};
