import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import type { Pool } from 'pg';
import { createChangeNotifier, noChanges } from '../changeNotifier.ts';
import { Rows } from '../rows/rows.ts';
import type { Tables } from '../rows/tables.ts';
import type { Store, StoreReads, TenantStore, WorkerReads, WorkerWrites } from '../store.ts';
import type { Tenant } from '../../tenant.ts';
import { announceCommand, announceUse, type DatabaseUse } from './databaseUse.ts';
import { migrateDatabase } from './migrations.ts';
import { kyselyPool, openPool } from './pool.ts';
import { postgresDialect } from './postgresDialect.ts';
import { databaseWriteErrorOf } from './postgresErrors.ts';
import { watchReachability } from './reachability.ts';
import { type ReplicaChanges, startReplicaChanges } from './replicaChanges.ts';
import { unavailableErrorOf } from './startErrors.ts';
import type { ChangeQuery } from './watchedRuns.ts';

export interface PostgresStoreOptions {
  /** As DATABASE_URL. */
  databaseUrl: string;
  /** The most connections. Default: 10. */
  poolSize?: number | undefined;
  /** The webhooks for which messages about runs are stored. Default: none. */
  webhookTargets?: readonly string[] | undefined;
  /** Whether servers may use the database too, or only commands. Default: servers. */
  use?: DatabaseUse | undefined;
  /** Called with one-line log messages for the operator. Default: none are logged. */
  log?: ((line: string) => void) | undefined;
}

/** The store, and the connections that it uses, for what else is in the database. They are closed with it. */
export interface PostgresStore extends Store {
  readonly pool: Pool;
}

/**
 * Pages of lists are read in the order of an index. PostgreSQL does not know how many messages a thread has, takes it for one of average
 * length, and would otherwise read and sort all messages of a long one for each page.
 */
const planning = { enable_bitmapscan: 'off' };

/**
 * Opens the store in a PostgreSQL database, whose tables are created or migrated if needed. Other processes may have it open too.
 * @throws {StoreUnavailableError}
 */
export const openPostgresStore = async ({
  databaseUrl,
  poolSize = 10,
  webhookTargets = [],
  use = 'server',
  log = () => undefined,
}: PostgresStoreOptions): Promise<PostgresStore> => {
  const endUse = use === 'command' ? await announceCommand(databaseUrl) : undefined;
  const pool = await openPool(databaseUrl, poolSize, planning);
  const reachability = watchReachability(() => pool.query('select 1'));
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: kyselyPool(pool, () => reachability.onLost()) }),
  });
  // Each statement sees what was committed before it, so that a read after a lock is of the newest version.
  const inTransaction = <Result>(work: (transaction: Transaction<Tables>) => Promise<Result>) =>
    db.transaction().setIsolationLevel('read committed').execute(work);
  const closeDatabase = async () => {
    reachability.close();
    await db.destroy();
    await endUse?.();
  };
  const notifier = createChangeNotifier();
  const open = async () => {
    await inTransaction((transaction) => migrateDatabase(transaction, databaseUrl));
    const onConnected = (query: ChangeQuery) => announceUse(query, 'server', databaseUrl);
    return startReplicaChanges({ databaseUrl, notifier, log, ...(use === 'server' && { onConnected }) });
  };
  let replicaChanges: ReplicaChanges;
  try {
    replicaChanges = await open();
  } catch (error) {
    await closeDatabase();
    throw unavailableErrorOf(error, databaseUrl);
  }

  /** A transaction is not repeated after a conflict with another: `work` may have changed what is in memory. */
  const write = async <Result>(work: (writes: WorkerWrites) => Promise<Result>, tenant?: Tenant): Promise<Result> => {
    const changes = noChanges();
    try {
      const result = await inTransaction((transaction) =>
        work(new Rows(transaction, postgresDialect, changes, webhookTargets, tenant)),
      );
      notifier.notify(changes);
      replicaChanges.publish(changes);
      return result;
    } catch (error) {
      throw databaseWriteErrorOf(error);
    }
  };

  const reads = (tenant?: Tenant) => new Rows(db, postgresDialect, noChanges(), webhookTargets, tenant);
  const forTenant = (tenant: Tenant): TenantStore => {
    const members: Omit<TenantStore, keyof StoreReads> = {
      write: (work) => write(work, tenant),
      onRunChange: notifier.onRunChange,
    };
    return Object.assign(reads(tenant), members);
  };
  const members: Omit<PostgresStore, keyof WorkerReads> = {
    pool,
    write: (work) => write(work),
    forTenant,
    onRunChange: notifier.onRunChange,
    onRunWaiting: notifier.onRunWaiting,
    onFileWaiting: notifier.onFileWaiting,
    onWebhookWaiting: notifier.onWebhookWaiting,
    onThreadDeleted: notifier.onThreadDeleted,
    problem: () => (reachability.isReachable() ? undefined : 'The database cannot be reached.'),
    close: async () => {
      await replicaChanges.close();
      await closeDatabase();
    },
  };
  return Object.assign(reads(), members);
};
