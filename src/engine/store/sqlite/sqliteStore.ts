import { realpathSync } from 'node:fs';
import { CompiledQuery, type Kysely } from 'kysely';
import { groupCommit, type TransactionControl } from './groupCommit.ts';
import { createChangeNotifier, type CommittedChanges, noChanges } from '../changeNotifier.ts';
import { logSync, type LogSync } from './logSync.ts';
import { fileIdentity, type FileIdentity } from './fileIdentity.ts';
import { rowsOf } from '../rows/rows.ts';
import { openSqliteDatabase } from './sqliteDatabase.ts';
import { sqliteDialect } from './sqliteDialect.ts';
import type { Store, WorkerWrites } from '../store.ts';
import type { Tables } from '../rows/tables.ts';
import { StoreWriteError } from '../writeError.ts';
import { fileLostMessage, storeWriteErrorOf } from './sqliteWriteError.ts';
import type { Tenant } from '../../tenant.ts';

interface Session {
  /** What the tenant owns, or everything. */
  rowsFor: (tenant?: Tenant) => WorkerWrites;
  changes: CommittedChanges;
}

const controlOf = (connection: Kysely<Tables>, identity: FileIdentity, log: LogSync): TransactionControl => {
  const run = (statement: string) => {
    const compiled = CompiledQuery.raw(statement);
    return async () => {
      await connection.executeQuery(compiled);
    };
  };
  const commit = run('commit');
  const checkFile = () => {
    const problem = identity.isLost() ? fileLostMessage : log.problem();
    if (problem !== undefined) throw new StoreWriteError(503, problem);
  };
  return {
    begin: run('begin immediate'),
    commit: async () => {
      checkFile();
      await commit();
      checkFile();
      await log.sync();
      checkFile(); // Before it is acknowledged.
    },
    rollback: run('rollback'),
    savepoint: run('savepoint one_write'),
    release: run('release one_write'),
    rollbackToSavepoint: run('rollback to one_write'),
  };
};

/**
 * Opens the store in an SQLite file, which is created or migrated if needed. `:memory:` keeps it in memory. Messages
 * about runs are stored for each of `webhookTargets`.
 * @throws {StoreUnavailableError}
 */
export const openSqliteStore = async (path: string, webhookTargets: readonly string[] = []): Promise<Store> => {
  const db = await openSqliteDatabase(path);
  const identity = fileIdentity(path);
  const log = logSync(path === ':memory:' ? path : realpathSync(path));
  const notifier = createChangeNotifier();
  const writes = groupCommit<Session>(
    (batch) =>
      db.connection().execute((connection) => {
        const changes = noChanges();
        return batch(
          { rowsFor: (tenant) => rowsOf(connection, sqliteDialect, changes, webhookTargets, tenant), changes },
          controlOf(connection, identity, log),
        );
      }),
    ({ changes }) => notifier.notify(changes),
  );
  const write = <Result>(work: (session: Session) => Promise<Result>): Promise<Result> =>
    writes.write(work).catch((error: unknown) => {
      throw storeWriteErrorOf(error);
    });

  const reads = (tenant?: Tenant) => rowsOf(db, sqliteDialect, noChanges(), webhookTargets, tenant);
  return {
    ...reads(),
    write: (work) => write(({ rowsFor }) => work(rowsFor())),
    forTenant: (tenant) => ({
      ...reads(tenant),
      write: (work) => write(({ rowsFor }) => work(rowsFor(tenant))),
      onRunChange: notifier.onRunChange,
    }),
    onRunChange: notifier.onRunChange,
    onRunWaiting: notifier.onRunWaiting,
    onFileWaiting: notifier.onFileWaiting,
    onWebhookWaiting: notifier.onWebhookWaiting,
    problem: () => (identity.isLost() ? fileLostMessage : log.problem()),
    close: async () => {
      await writes.idle();
      await log.close();
      await db.destroy();
    },
  };
};
