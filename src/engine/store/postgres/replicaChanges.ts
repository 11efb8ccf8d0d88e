import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChangeNotifier, type CommittedChanges, noChanges } from '../changeNotifier.ts';
import { type ChangeConnectionOptions, openChangeConnection } from './changeConnection.ts';
import { payloadsOf, readPayload } from './changePayloads.ts';
import { PendingChanges } from './pendingChanges.ts';
import { watchedRunsOf } from './watchedRuns.ts';

const channel = 'assistants_graphql';

/** Milliseconds for which changes are collected before the other replicas are notified of them. */
const collectionMs = 10;

export interface ReplicaChangesOptions {
  /** As in DATABASE_URL. */
  databaseUrl: string;
  /** Of this process. Its listeners are called when other replicas have changed something. */
  notifier: ChangeNotifier;
  /** Milliseconds between two looks at the runs that have listeners. Default: 1,000. */
  lookIntervalMs?: number | undefined;
  /** Called with each new connection, before changes are received on it. */
  onConnected?: ChangeConnectionOptions['onConnected'];
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
}

/** Changes that the replicas of a server on one database notify each other of, by LISTEN and NOTIFY. */
export interface ReplicaChanges {
  /**
   * Notifies the other replicas of committed changes, within `collectionMs`. While there is no connection they are not notified,
   * and find the changes in the tables: those of runs within `lookIntervalMs`, work by the sweeps of their workers.
   */
  publish(changes: CommittedChanges): void;
  /** Resolves once the other replicas are notified of everything. */
  close(): Promise<void>;
}

/**
 * Starts to receive the changes of other replicas. The tables are the truth, and notifications only say when to read them: after a
 * connection was lost all listeners are called, and runs that have listeners are looked at every `lookIntervalMs` too.
 */
export const startReplicaChanges = async ({
  databaseUrl,
  notifier,
  lookIntervalMs = 1_000,
  onConnected,
  log,
}: ReplicaChangesOptions): Promise<ReplicaChanges> => {
  const replica = randomUUID();
  const pending = new PendingChanges();
  const { look } = watchedRunsOf(notifier);

  const receive = (text: string) => {
    const payload = readPayload(text);
    if (payload === undefined) return notifier.notifyAll(); // It is of a later version.
    if (payload.replica === replica) return;
    const { runs, work } = payload;
    notifier.notify({
      ...noChanges(),
      changedRuns: new Map(runs.map((id) => [id, undefined])),
      runWaiting: work.includes('runs'),
      fileWaiting: work.includes('files'),
      webhooksWaiting: work.includes('webhooks'),
    });
  };

  const connection = await openChangeConnection({
    databaseUrl,
    channel,
    onPayload: receive,
    onConnected,
    onListening: notifier.notifyAll,
    look,
    intervalMs: lookIntervalMs,
    log,
  });

  const send = async () => {
    const payloads = payloadsOf(replica, pending.take());
    // A failure ends the connection too, which logs it.
    await connection
      .query?.('select pg_notify($1, payload) from unnest($2::text[]) as payload', [channel, payloads])
      .catch(() => undefined);
  };
  let sending: Promise<void> | undefined;
  const sendAll = async () => {
    while (!pending.isEmpty) {
      await sleep(collectionMs);
      await send();
    }
    sending = undefined;
  };

  return {
    publish: (changes) => {
      pending.add(changes);
      if (!pending.isEmpty) sending ??= sendAll();
    },
    close: async () => {
      await sending;
      await connection.close();
    },
  };
};
