import type { Kysely } from 'kysely';
import { assistantRows } from './assistants.ts';
import { engineCallRows } from './engineCalls.ts';
import { eventRows } from './events.ts';
import { fileBatchRows } from './fileBatches.ts';
import { fileRows } from './files.ts';
import { idempotencyKeyRows } from './idempotencyKeys.ts';
import { ingestionRows } from './ingestion.ts';
import { importRows } from './imports.ts';
import { messageRows } from './messages.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { StoreDialect } from '../dialect.ts';
import { type Ownership, ownership } from './ownership.ts';
import { runRows } from './runs.ts';
import { runWebhookRows } from './runWebhooks.ts';
import type { Execute, StatementScope } from './statement.ts';
import { stepRows } from './steps.ts';
import type { WorkerWrites } from '../store.ts';
import type { Tables } from './tables.ts';
import type { Tenant } from '../../tenant.ts';
import { threadRows } from './threads.ts';
import { threadUsageRows } from './threadUsage.ts';
import { vectorStoreFileRows } from './vectorStoreFiles.ts';
import { vectorStoreRows } from './vectorStores.ts';
import { uploadRows } from './uploads.ts';

/**
 * All reads and writes through a database, of what a tenant owns or of everything. Those of a resource are made when they are first
 * used: there is an object of this class for each transaction, and most need few resources.
 */
export class Rows implements WorkerWrites {
  readonly #scope: StatementScope;
  readonly #changes: CommittedChanges;
  readonly #webhookTargets: readonly string[];
  readonly #owned: Ownership;
  #assistants: WorkerWrites['assistants'] | undefined;
  #threads: WorkerWrites['threads'] | undefined;
  #threadUsage: WorkerWrites['threadUsage'] | undefined;
  #messages: WorkerWrites['messages'] | undefined;
  #runs: WorkerWrites['runs'] | undefined;
  #steps: WorkerWrites['steps'] | undefined;
  #engineCalls: WorkerWrites['engineCalls'] | undefined;
  #events: WorkerWrites['events'] | undefined;
  #files: WorkerWrites['files'] | undefined;
  #vectorStores: WorkerWrites['vectorStores'] | undefined;
  #vectorStoreFiles: WorkerWrites['vectorStoreFiles'] | undefined;
  #fileBatches: WorkerWrites['fileBatches'] | undefined;
  #ingestion: WorkerWrites['ingestion'] | undefined;
  #uploads: WorkerWrites['uploads'] | undefined;
  #runWebhooks: WorkerWrites['runWebhooks'] | undefined;
  #idempotencyKeys: WorkerWrites['idempotencyKeys'] | undefined;

  /** `changes` collects what is changed. `execute` executes compiled statements, on the same connection as `db`. */
  constructor(
    db: Kysely<Tables>,
    dialect: StoreDialect,
    changes: CommittedChanges,
    webhookTargets: readonly string[],
    tenant?: Tenant,
    execute: Execute = (query) => db.executeQuery(query),
  ) {
    this.#scope = { db, dialect, tenant, execute };
    this.#changes = changes;
    this.#webhookTargets = webhookTargets;
    this.#owned = ownership(tenant);
  }

  get assistants() {
    return (this.#assistants ??= assistantRows(this.#scope, this.#owned));
  }

  get threads() {
    return (this.#threads ??= threadRows(this.#scope, this.#changes, this.#owned));
  }

  get threadUsage() {
    return (this.#threadUsage ??= threadUsageRows(this.#scope, this.#owned));
  }

  get messages() {
    return (this.#messages ??= messageRows(this.#scope, this.#owned));
  }

  get runs() {
    return (this.#runs ??= runRows(this.#scope, this.#changes, this.#owned));
  }

  get steps() {
    return (this.#steps ??= stepRows(this.#scope, this.#owned));
  }

  get engineCalls() {
    return (this.#engineCalls ??= engineCallRows(this.#scope.db, this.#owned));
  }

  get events() {
    return (this.#events ??= eventRows(this.#scope, this.#changes));
  }

  get files() {
    return (this.#files ??= fileRows(this.#scope.db, this.#scope.dialect, this.#scope.tenant, this.#owned));
  }

  get vectorStores() {
    return (this.#vectorStores ??= vectorStoreRows(
      this.#scope.db,
      this.#scope.dialect,
      this.#scope.tenant,
      this.#owned,
    ));
  }

  get vectorStoreFiles() {
    return (this.#vectorStoreFiles ??= vectorStoreFileRows(this.#scope.db, this.#changes, this.#owned));
  }

  get fileBatches() {
    return (this.#fileBatches ??= fileBatchRows(this.#scope.db, this.#owned));
  }

  get ingestion() {
    return (this.#ingestion ??= ingestionRows(this.#scope.db, this.#scope.dialect, this.fileBatches));
  }

  get uploads() {
    return (this.#uploads ??= uploadRows(this.#scope.db, this.#scope.dialect, this.#scope.tenant, this.#owned));
  }

  get runWebhooks() {
    return (this.#runWebhooks ??= runWebhookRows(
      this.#scope.db,
      this.#scope.dialect,
      this.#changes,
      this.#webhookTargets,
    ));
  }

  get idempotencyKeys() {
    return (this.#idempotencyKeys ??= idempotencyKeyRows(this.#scope.db, this.#scope.dialect, this.#scope.tenant));
  }

  importsFor(tenant: Tenant) {
    return importRows(this.#scope.db, this.#scope.dialect, tenant);
  }
}
