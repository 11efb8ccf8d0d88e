import type { Tenant } from '../tenant.ts';
import type { AssistantReads, AssistantWrites } from './access/assistants.ts';
import type { EngineCallReads, EngineCallWrites } from './access/engineCalls.ts';
import type { RunEventReads, RunEventWorkerWrites, RunEventWrites } from './access/events.ts';
import type { FileBatchReads, FileBatchWrites } from './access/fileBatches.ts';
import type { FileReads, FileWorkerReads, FileWorkerWrites, FileWrites } from './access/files.ts';
import type { IdempotencyKeyWrites } from './access/idempotencyKeys.ts';
import type { ImportWrites } from './access/imports.ts';
import type { IngestionReads, IngestionWrites } from './access/ingestion.ts';
import type { MessageReads, MessageWrites } from './access/messages.ts';
import type { RunWebhookWorkerReads, RunWebhookWorkerWrites, RunWebhookWrites } from './access/runWebhooks.ts';
import type { RunReads, RunWorkerReads, RunWorkerWrites, RunWrites } from './access/runs.ts';
import type { StepReads, StepWrites } from './access/steps.ts';
import type { ThreadUsageReads, ThreadUsageWrites } from './access/threadUsage.ts';
import type { ThreadReads, ThreadWorkerReads, ThreadWorkerWrites, ThreadWrites } from './access/threads.ts';
import type { UploadReads, UploadWorkerReads, UploadWorkerWrites, UploadWrites } from './access/uploads.ts';
import type { VectorStoreFileReads, VectorStoreFileWrites } from './access/vectorStoreFiles.ts';
import type { VectorStoreReads, VectorStoreWrites } from './access/vectorStores.ts';
import type { RunListener } from './changeNotifier.ts';

/** Reads. Outside a transaction they see what is committed. An unknown id gives undefined. */
export interface StoreReads {
  assistants: AssistantReads;
  threads: ThreadReads;
  threadUsage: ThreadUsageReads;
  messages: MessageReads;
  runs: RunReads;
  steps: StepReads;
  engineCalls: EngineCallReads;
  files: FileReads;
  uploads: UploadReads;
  vectorStores: VectorStoreReads;
  vectorStoreFiles: VectorStoreFileReads;
  fileBatches: FileBatchReads;
  events: RunEventReads;
}

/** Reads and writes within a transaction. An insert appends to the list, whatever the object's `created_at`. */
export interface StoreWrites extends StoreReads {
  assistants: AssistantWrites;
  threads: ThreadWrites;
  threadUsage: ThreadUsageWrites;
  messages: MessageWrites;
  runs: RunWrites;
  steps: StepWrites;
  engineCalls: EngineCallWrites;
  files: FileWrites;
  uploads: UploadWrites;
  vectorStores: VectorStoreWrites;
  vectorStoreFiles: VectorStoreFileWrites;
  fileBatches: FileBatchWrites;
  events: RunEventWrites;
  runWebhooks: RunWebhookWrites;
  idempotencyKeys: IdempotencyKeyWrites;
}

/** What workers read in addition, for runs of every tenant. */
export interface WorkerReads extends StoreReads {
  threads: ThreadWorkerReads;
  runs: RunWorkerReads;
  runWebhooks: RunWebhookWorkerReads;
  files: FileWorkerReads;
  ingestion: IngestionReads;
  uploads: UploadWorkerReads;
}

/** What workers write in addition, for runs of every tenant. */
export interface WorkerWrites extends StoreWrites {
  /** What an import of a tenant's objects reads and writes. It sees which ids other tenants use. */
  importsFor(tenant: Tenant): ImportWrites;
  threads: ThreadWorkerWrites;
  runs: RunWorkerWrites;
  runWebhooks: RunWebhookWorkerWrites;
  files: FileWorkerWrites;
  ingestion: IngestionWrites;
  uploads: UploadWorkerWrites;
  events: RunEventWorkerWrites;
}

/** Storage in which no objects exist but those of one tenant. Routes get no other. */
export interface TenantStore extends StoreReads {
  /**
   * Runs `work` as one transaction. Once this resolves, the writes survive the end of the process. If `work` rejects,
   * nothing is written and this rejects with the same error. Other transactions may run at the same time: what is read to
   * decide what to write has to be locked first. Locks are held until the transaction ends, and are taken in one order, so that no two
   * transactions wait for each other: idempotency key, thread, vector stores, upload, usage of files, everything else.
   * @throws {StoreWriteError} also after a conflict with another transaction; nothing is written then
   */
  write<Result>(work: (writes: StoreWrites) => Promise<Result>): Promise<Result>;
  /** Calls `listener` after each commit that changed or deleted the run. Returns a function that unsubscribes it. */
  onRunChange(runId: string, listener: RunListener): () => void;
}

/** The engine's storage, with the objects of every tenant. What is created in it belongs to the default tenant. */
export interface Store extends WorkerReads {
  /** As in TenantStore. */
  write<Result>(work: (writes: WorkerWrites) => Promise<Result>): Promise<Result>;
  onRunChange: TenantStore['onRunChange'];
  /** Calls `listener` after each commit that left a run to be claimed. Returns a function that unsubscribes it. */
  onRunWaiting(listener: () => void): () => void;
  /** Calls `listener` after each commit that left a file to be indexed, or to be removed from the index. */
  onFileWaiting(listener: () => void): () => void;
  /** Calls `listener` after each commit that stored messages for webhooks. Returns a function that unsubscribes it. */
  onWebhookWaiting(listener: () => void): () => void;
  /** Calls `listener` after each commit that deleted a thread. Returns a function that unsubscribes it. */
  onThreadDeleted(listener: () => void): () => void;
  /** Costs next to nothing, for each request. */
  forTenant(tenant: Tenant): TenantStore;
  /** Why nothing can be written: until the process is restarted, or until the database can be reached. Undefined if that is not so. */
  problem(): string | undefined;
  close(): Promise<void>;
}
