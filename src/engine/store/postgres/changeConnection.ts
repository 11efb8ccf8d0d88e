import { setTimeout as sleep } from 'node:timers/promises';
import type { Client as ConnectedClient } from 'pg';
import { backoffMs } from '../../../backoff.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import type { ChangeQuery } from './watchedRuns.ts';

/** Before attempts to connect again. */
const backoff = { firstMs: 100, maxMs: 5_000 };
/** For a connection, and for each statement on it. Then the connection is given up. */
const timeoutMs = 5_000;

export interface ChangeConnectionOptions {
  /** As in DATABASE_URL. */
  databaseUrl: string;
  channel: string;
  onPayload: (payload: string) => void;
  /** Called with each new connection, which is given up if this rejects. With StoreUnavailableError at the first attempt, no other is made. */
  onConnected?: ((query: ChangeQuery) => Promise<void>) | undefined;
  /** Called each time that it listens on a new connection. Notifications may have been lost before. */
  onListening: () => void;
  /** Called every `intervalMs` while it listens. If this rejects, the connection is given up. */
  look: (query: ChangeQuery) => Promise<void>;
  intervalMs: number;
  /** Called with one-line log messages for the operator. */
  log: (line: string) => void;
}

/** The connection on which a replica listens, and is heard. */
export interface ChangeConnection {
  /** Runs a statement. Undefined while there is no connection. */
  query: ChangeQuery | undefined;
  close(): Promise<void>;
}

const queryOn =
  (client: ConnectedClient): ChangeQuery =>
  async (text, values) =>
    (await client.query(text, [...values])).rows;

/**
 * Listens on one connection, and opens another when it is lost. Resolves after the first attempt; those that follow a failure are made
 * in the background.
 * @throws {StoreUnavailableError} if `onConnected` rejects with it at the first attempt
 */
export const openChangeConnection = async ({
  databaseUrl,
  channel,
  onPayload,
  onConnected,
  onListening,
  look,
  intervalMs,
  log,
}: ChangeConnectionOptions): Promise<ChangeConnection> => {
  const { Client } = await import('pg');
  const closing = new AbortController();
  const { signal } = closing;
  const connection: { query: ChangeQuery | undefined } = { query: undefined };
  let failures = 0;

  /** Resolves when `signal` is aborted, and rejects when the connection is lost. */
  const listen = async (attempted: () => void): Promise<void> => {
    const client = new Client({
      connectionString: databaseUrl,
      application_name: 'assistants-graphql changes',
      keepAlive: true,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    const lost = new Promise<never>((_resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection was closed')));
    });
    lost.catch(() => undefined);
    try {
      await Promise.race([client.connect(), lost]);
      client.on('notification', ({ payload }) => onPayload(payload ?? ''));
      await Promise.race([onConnected?.(queryOn(client)), lost]);
      await Promise.race([client.query(`listen ${channel}`), lost]);
      connection.query = queryOn(client);
      if (failures > 0) log('changes of other replicas are received again');
      failures = 0;
      onListening();
      attempted();
      while (!signal.aborted) {
        await Promise.race([sleep(intervalMs, undefined, { signal }).catch(() => undefined), lost]);
        if (!signal.aborted) await Promise.race([look(connection.query), lost]);
      }
    } finally {
      connection.query = undefined;
      client.end().catch(() => undefined);
    }
  };

  const listenAlways = async (attempted: () => void, refused: (error: StoreUnavailableError) => void) => {
    let isOpen = false;
    const onAttempted = () => {
      isOpen = true;
      attempted();
    };
    while (!signal.aborted) {
      try {
        await listen(onAttempted);
      } catch (error) {
        if (error instanceof StoreUnavailableError && !isOpen) return refused(error);
        failures += 1;
        if (failures === 1) log(`changes of other replicas are received late: ${String(error)}`);
        onAttempted();
        await sleep(backoffMs(failures, backoff), undefined, { signal }).catch(() => undefined);
      }
    }
  };
  let listening = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    listening = listenAlways(resolve, reject);
  });
  return {
    get query() {
      return connection.query;
    },
    close: async () => {
      closing.abort();
      await listening;
    },
  };
};
