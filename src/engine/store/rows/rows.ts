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
import { ownership } from './ownership.ts';
import { runRows } from './runs.ts';
import { runWebhookRows } from './runWebhooks.ts';
import type { Execute } from './statement.ts';
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
 * All reads and writes through `db`, of what `tenant` owns or of everything; `changes` collects what they change. `execute` executes
 * compiled statements, on the same connection as `db`.
 */
export const rowsOf = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  changes: CommittedChanges,
  webhookTargets: readonly string[],
  tenant?: Tenant,
  execute: Execute = (query) => db.executeQuery(query),
): WorkerWrites => {
  const owned = ownership(tenant);
  const scope = { db, dialect, tenant, execute };
  const fileBatches = fileBatchRows(db, owned);
  return {
    assistants: assistantRows(scope, owned),
    threads: threadRows(scope, changes, owned),
    threadUsage: threadUsageRows(scope, owned),
    messages: messageRows(scope, owned),
    runs: runRows(scope, changes, owned),
    steps: stepRows(scope, owned),
    engineCalls: engineCallRows(db, owned),
    events: eventRows(scope, changes),
    files: fileRows(db, dialect, tenant, owned),
    vectorStores: vectorStoreRows(db, dialect, tenant, owned),
    vectorStoreFiles: vectorStoreFileRows(db, changes, owned),
    fileBatches,
    ingestion: ingestionRows(db, dialect, fileBatches),
    uploads: uploadRows(db, dialect, tenant, owned),
    importsFor: (importing) => importRows(db, dialect, importing),
    runWebhooks: runWebhookRows(db, dialect, changes, webhookTargets),
    idempotencyKeys: idempotencyKeyRows(db, dialect, tenant),
  };
};
