import { setTimeout as sleep } from 'node:timers/promises';
import { counted } from '../../../counted.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { databaseNameOf } from './databaseName.ts';
import { unavailableErrorOf } from './startErrors.ts';
import type { ChangeQuery } from './watchedRuns.ts';

/** Servers, or commands that write to the database while no server may: `import` and `copy`. */
export type DatabaseUse = 'server' | 'command';

/** The first key of the advisory locks by which uses are announced. Any number, which no other program is likely to use in the same database. */
const lockClass = 527_681_209;
/** The second keys. The locks are shared: a use excludes the other, not its own kind. */
const lockIds: Record<DatabaseUse, number> = { server: 1, command: 2 };

/** A server that was stopped just now may still be connected. In milliseconds. */
const patience = { totalMs: 2_000, intervalMs: 100 };

/** Such as `10.0.0.4:41236`, the addresses of the connections that hold the lock of a use. */
const connectionsOf = async (query: ChangeQuery, use: DatabaseUse): Promise<string[]> => {
  const rows = await query<{ address: string }>(
    `select coalesce(host(a.client_addr) || ':' || a.client_port, 'a local socket') as address
     from pg_locks as l left join pg_stat_activity as a on a.pid = l.pid
     where l.locktype = 'advisory' and l.objsubid = 2 and l.classid = $1 and l.objid = $2 and l.granted
       and l.database = (select oid from pg_database where datname = current_database())
     order by 1`,
    [lockClass, lockIds[use]],
  );
  return rows.map(({ address }) => address);
};

const problemOf = (use: DatabaseUse, others: string[]) =>
  use === 'command'
    ? `is used by ${counted(others.length, 'servers')} (${others.join(', ')}); stop ${others.length === 1 ? 'it' : 'them'}, and repeat the command`
    : `is being written to by an import or a copy (${others.join(', ')}); start the server when that has ended`;

/**
 * Announces the use of a database for as long as the connection of `query` is open, and looks for uses that exclude it. It is announced first:
 * of two that begin at once, at least one sees the other.
 * @throws {StoreUnavailableError} if the database is in another use
 */
export const announceUse = async (query: ChangeQuery, use: DatabaseUse, databaseUrl: string): Promise<void> => {
  const keys = [lockClass, lockIds[use]];
  await query('select pg_advisory_lock_shared($1::int, $2::int)', keys);
  let others: string[] = [];
  for (let waitedMs = 0; waitedMs <= patience.totalMs; waitedMs += patience.intervalMs) {
    others = await connectionsOf(query, use === 'server' ? 'command' : 'server');
    if (others.length === 0) return;
    await sleep(patience.intervalMs);
  }
  await query('select pg_advisory_unlock_shared($1::int, $2::int)', keys);
  throw new StoreUnavailableError(`PostgreSQL: ${databaseNameOf(databaseUrl)} ${problemOf(use, others)}`);
};

/**
 * Opens a connection that announces a command until it is closed. Resolves with what closes it.
 * @throws {StoreUnavailableError} if servers use the database, or it cannot be reached
 */
export const announceCommand = async (databaseUrl: string): Promise<() => Promise<void>> => {
  const { Client } = await import('pg');
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'assistants-graphql command',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // The statements of the command notice it too.
  try {
    await client.connect();
    await announceUse(async (text, values) => (await client.query(text, [...values])).rows, 'command', databaseUrl);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw unavailableErrorOf(error, databaseUrl);
  }
  return () => client.end();
};
