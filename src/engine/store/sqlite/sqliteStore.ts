import { realpathSync } from 'node:fs';
import { CompiledQuery, type Kysely } from 'kysely';
import { groupCommit, type TransactionControl } from './groupCommit.ts';
import { createChangeNotifier, type CommittedChanges, noChanges } from '../changeNotifier.ts';
import { logSync, type LogSync } from './logSync.ts';
import { fileIdentity, type FileIdentity } from './fileIdentity.ts';
import { Rows } from '../rows/rows.ts';
import type { Execute } from '../rows/statement.ts';
import { openSqliteDatabase } from './sqliteDatabase.ts';
import { sqliteDialect } from './sqliteDialect.ts';
import type { Store, StoreReads, TenantStore, WorkerReads, WorkerWrites } from '../store.ts';
import type { Tables } from '../rows/tables.ts';
import { StoreWriteError } from '../writeError.ts';
import { fileLostMessage, storeWriteErrorOf } from './sqliteWriteError.ts';
import type { Tenant } from '../../tenant.ts';

interface Session {
  connection: Kysely<Tables>;
  /** Of the writes of a batch that did not reject, in order. */
  changes: CommittedChanges[];
}

const controlOf = (execute: Execute, identity: FileIdentity, log: LogSync): TransactionControl => {
  const run = (statement: string) => {
    const compiled = CompiledQuery.raw(statement);
    return async () => {
      await execute(compiled);
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
  const { db, execute } = await openSqliteDatabase(path);
  const identity = fileIdentity(path);
  const log = logSync(path === ':memory:' ? path : realpathSync(path));
  const notifier = createChangeNotifier();
  const writes = groupCommit<Session>(
    (batch) =>
      db.connection().execute((connection) => batch({ connection, changes: [] }, controlOf(execute, identity, log))),
    ({ changes }) => {
      for (const each of changes) notifier.notify(each);
    },
  );
  const write = <Result>(work: (writes: WorkerWrites) => Promise<Result>, tenant?: Tenant): Promise<Result> =>
    writes
      .write(async (session) => {
        const changes = noChanges();
        const result = await work(
          new Rows(session.connection, sqliteDialect, changes, webhookTargets, tenant, execute),
        );
        session.changes.push(changes);
        return result;
      })
      .catch((error: unknown) => {
        throw storeWriteErrorOf(error);
      });

  /** While no transaction is open, a statement need not wait for the connection, which is asynchronous even if it is free. */
  const executeRead: Execute = (query) => (writes.isCommitting() ? db.executeQuery(query) : execute(query));
  const reads = (tenant?: Tenant) => new Rows(db, sqliteDialect, noChanges(), webhookTargets, tenant, executeRead);
  const forTenant = (tenant: Tenant): TenantStore => {
    const members: Omit<TenantStore, keyof StoreReads> = {
      write: (work) => write(work, tenant),
      onRunChange: notifier.onRunChange,
    };
    return Object.assign(reads(tenant), members);
  };
  const members: Omit<Store, keyof WorkerReads> = {
    write: (work) => write(work),
    forTenant,
    onRunChange: notifier.onRunChange,
    onRunWaiting: notifier.onRunWaiting,
    onFileWaiting: notifier.onFileWaiting,
    onWebhookWaiting: notifier.onWebhookWaiting,
    onThreadDeleted: notifier.onThreadDeleted,
    problem: () => (identity.isLost() ? fileLostMessage : log.problem()),
    close: async () => {
      await writes.idle();
      await log.close();
      await db.destroy();
    },
  };
  return Object.assign(reads(), members);
};
