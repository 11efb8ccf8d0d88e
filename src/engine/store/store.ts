import type { RestAssistant } from '../../wire/assistant.ts';
import type { RestFile } from '../../wire/file.ts';
import type { RestMessage } from '../../wire/message.ts';
import type { RestMetadata, RestSortOrder } from '../../wire/page.ts';
import type { RestRun } from '../../wire/run.ts';
import type { RestRunStep } from '../../wire/runStep.ts';
import type { RestModelUsage, RestThread } from '../../wire/thread.ts';
import type { RestUpload } from '../../wire/upload.ts';
import type { Tenant } from '../tenant.ts';
import type { RunListener } from './changeNotifier.ts';
import type { Citation, EngineCall } from './engineCall.ts';
import type { StoredBytes } from './fileUsage.ts';
import type { ImportWrites } from './imports.ts';
import type { ModelSettings } from './modelSettings.ts';
import type { RunProgress } from './runProgress.ts';
import type {
  FileBatchReads,
  FileBatchWrites,
  IngestionReads,
  IngestionWrites,
  VectorStoreFileReads,
  VectorStoreFileWrites,
  VectorStoreReads,
  VectorStoreWrites,
} from './vectorStoreAccess.ts';

/** Which page of a list to read. Cursors are ids of list members; `limit` is 1 to 100, or to 10,000 for files. */
export interface PageRequest {
  limit: number;
  order: RestSortOrder;
  after?: string | undefined;
  before?: string | undefined;
}

/** Items in the requested order. `hasMore` is whether there are more in the direction of reading. */
export interface StoredPage<Item> {
  items: Item[];
  hasMore: boolean;
}

/** Which threads to list. Times are in seconds. */
export interface StoredThreadFilter {
  /** All these pairs. */
  metadata: RestMetadata;
  /** Created then or later. */
  createdFrom?: number | undefined;
  /** Created earlier. */
  createdBefore?: number | undefined;
}

/** A cursor that is not, and was not, a member of the list. */
export class UnknownCursorError extends Error {
  override readonly name = 'UnknownCursorError';
  readonly param: 'after' | 'before';
  readonly id: string;

  constructor(param: 'after' | 'before', id: string) {
    super(`${param}: no member of this list has the id ${id}`);
    this.param = param;
    this.id = id;
  }
}

/** A run and its internal state. Times outside of `run` are in milliseconds. */
export interface RunRecord {
  run: RestRun;
  /** When an active run expires. */
  expiresAt: number;
  /** From when a worker may claim the run: while it is leased, the end of the lease. Null if the run needs no worker. */
  claimAfter: number | null;
  /** The lease of the worker that holds the run. */
  lease: string | null;
  /** Number of the run's latest event; events count from 1. */
  lastEvent: number;
  progress: RunProgress;
}

/** One event of a run, named as in the API's streams. `data` is its object. */
export interface NewRunEvent {
  event: string;
  data: unknown;
}

/** `json` is the serialized data of the event. */
export interface StoredRunEvent {
  sequence: number;
  event: string;
  json: string;
}

/** Usage of the ended runs of a thread that had the same model. */
export interface ThreadModelUsage extends RestModelUsage {
  /** Runs whose usage is unknown, and which the sums leave out. */
  unknown_runs: number;
  /** Runs with prompt tokens of which the number of cached ones is unknown. */
  uncounted_runs: number;
}

/** A file, and the SHA-256 of its content in hexadecimal digits, by which the `BlobStore` reads it. */
export interface StoredFile {
  file: RestFile;
  sha256: string;
}

/** An upload, and the lifetime that its file will have. */
export interface StoredUpload {
  upload: RestUpload;
  expiresAfterSeconds: number | undefined;
}

/** A part of an upload, and its content as in StoredFile. */
export interface StoredPart {
  id: string;
  sha256: string;
  bytes: number;
}

/** Reads. Outside a transaction they see what is committed. An unknown id gives undefined. */
export interface StoreReads {
  assistants: {
    get(assistantId: string): Promise<RestAssistant | undefined>;
    /** Undefined also for assistants of earlier versions. */
    settingsOf(assistantId: string): Promise<ModelSettings | undefined>;
    list(page: PageRequest): Promise<StoredPage<RestAssistant>>;
  };
  threads: {
    get(threadId: string): Promise<RestThread | undefined>;
    /** By creation. A cursor may be any thread of the tenant, also one that the filter excludes: it may have changed since. */
    list(page: PageRequest, filter: StoredThreadFilter): Promise<StoredPage<RestThread>>;
  };
  threadUsage: {
    /** One item for each model. Its cost does not depend on the number of runs. */
    get(threadId: string): Promise<ThreadModelUsage[]>;
    /** Those of several threads, each with the id of its thread. */
    ofThreads(threadIds: string[]): Promise<(ThreadModelUsage & { thread_id: string })[]>;
  };
  messages: {
    get(threadId: string, messageId: string): Promise<RestMessage | undefined>;
    /** With `runId`, only the messages that this run created. */
    list(threadId: string, page: PageRequest, runId?: string): Promise<StoredPage<RestMessage>>;
    count(threadId: string): Promise<number>;
  };
  runs: {
    get(threadId: string, runId: string): Promise<RunRecord | undefined>;
    find(runId: string): Promise<RunRecord | undefined>;
    list(threadId: string, page: PageRequest): Promise<StoredPage<RunRecord>>;
    /** Ids and times of creation (Unix seconds) of the newest runs of a thread, newest first. */
    newestIn(threadId: string, limit: number): Promise<{ id: string; createdAt: number }[]>;
    /** The active run of the thread. */
    activeIn(threadId: string): Promise<RunRecord | undefined>;
  };
  steps: {
    get(runId: string, stepId: string): Promise<RestRunStep | undefined>;
    list(runId: string, page: PageRequest): Promise<StoredPage<RestRunStep>>;
    /** All steps of a run, oldest first. */
    ofRun(runId: string): Promise<RestRunStep[]>;
  };
  engineCalls: {
    /** Calls of the engine's own tools that a run made, oldest first. */
    ofRun(runId: string): Promise<EngineCall[]>;
    /** What the newest `limit` calls in a thread may be cited for, oldest first. */
    citationsIn(threadId: string, limit: number): Promise<Citation[]>;
  };
  files: {
    /** Undefined also for files that have expired. */
    get(fileId: string): Promise<StoredFile | undefined>;
    /** With `purpose`, only the files that have it. */
    list(page: PageRequest, purpose?: string): Promise<StoredPage<RestFile>>;
    storedBytes(): Promise<StoredBytes>;
  };
  uploads: {
    get(uploadId: string): Promise<StoredUpload | undefined>;
    /** In the order in which they were added. */
    parts(uploadId: string): Promise<StoredPart[]>;
    countParts(uploadId: string): Promise<number>;
  };
  vectorStores: VectorStoreReads;
  vectorStoreFiles: VectorStoreFileReads;
  fileBatches: FileBatchReads;
  events: {
    /** Events numbered above `sequence`, in order. */
    after(runId: string, sequence: number, limit: number): Promise<StoredRunEvent[]>;
  };
}

/** Reads and writes within a transaction. An insert appends to the list, whatever the object's `created_at`. */
export interface StoreWrites extends StoreReads {
  assistants: StoreReads['assistants'] & {
    insert(assistant: RestAssistant, settings: ModelSettings): Promise<void>;
    update(assistant: RestAssistant, settings: ModelSettings): Promise<void>;
    /** False if there was none. */
    remove(assistantId: string): Promise<boolean>;
  };
  threads: StoreReads['threads'] & {
    insert(thread: RestThread): Promise<void>;
    update(thread: RestThread): Promise<void>;
    /** Deletes the thread with its messages, runs, steps and events. False if there was none. */
    remove(threadId: string): Promise<boolean>;
    /** Reads the thread and locks it and its objects against other transactions until this one ends. */
    lock(threadId: string): Promise<RestThread | undefined>;
  };
  threadUsage: StoreReads['threadUsage'] & {
    /** Adds a run that has ended to the usage of its thread. */
    add(run: RestRun): Promise<void>;
  };
  messages: StoreReads['messages'] & {
    insert(message: RestMessage): Promise<void>;
    update(message: RestMessage): Promise<void>;
    remove(threadId: string, messageId: string): Promise<boolean>;
  };
  runs: StoreReads['runs'] & {
    insert(record: RunRecord): Promise<void>;
    update(record: RunRecord): Promise<void>;
  };
  steps: StoreReads['steps'] & {
    insert(step: RestRunStep): Promise<void>;
    update(step: RestRunStep): Promise<void>;
  };
  engineCalls: StoreReads['engineCalls'] & {
    insert(call: EngineCall): Promise<void>;
    /** Changes what the call returned. */
    update(call: EngineCall): Promise<void>;
  };
  files: StoreReads['files'] & {
    insert(file: RestFile, sha256: string): Promise<void>;
    /** Returns the removed file, whose content remains. Undefined if there was none. */
    remove(fileId: string): Promise<StoredFile | undefined>;
  };
  uploads: StoreReads['uploads'] & {
    insert(upload: StoredUpload): Promise<void>;
    insertPart(uploadId: string, part: StoredPart): Promise<void>;
    /** Updates an upload that is not pending any more, and removes its parts. Returns the SHA-256 of their contents, which remain. */
    end(upload: RestUpload): Promise<string[]>;
  };
  vectorStores: VectorStoreWrites;
  vectorStoreFiles: VectorStoreFileWrites;
  fileBatches: FileBatchWrites;
  events: StoreReads['events'] & {
    /** The first of `events` gets the number `first`. */
    append(runId: string, first: number, events: NewRunEvent[]): Promise<void>;
  };
  runWebhooks: {
    /** Stores messages about a run for each of the webhooks, if there are any. */
    add(messages: RunWebhookMessage[]): Promise<void>;
  };
  /** Results of transactions, as JSON, by the `Idempotency-Key` of their requests. They are kept for a day. */
  idempotencyKeys: {
    get(key: string): Promise<KeyedResult | undefined>;
    insert(key: string, keyed: KeyedResult): Promise<void>;
  };
}

/** A message for webhooks. `body` is JSON. */
export interface RunWebhookMessage {
  id: string;
  body: string;
}

/** A message that one of the webhooks has not got. */
export interface WaitingRunWebhook extends RunWebhookMessage {
  seq: number;
  /** How often it has been sent. */
  attempts: number;
}

/** `fingerprint` identifies the method, the path and the body of the request. */
export interface KeyedResult {
  fingerprint: string;
  result: string;
}

/** What workers read in addition, for runs of every tenant. */
export interface WorkerReads extends StoreReads {
  threads: StoreReads['threads'] & {
    /** Undefined if there is no such thread. */
    tenantOf(threadId: string): Promise<Tenant | undefined>;
  };
  runs: StoreReads['runs'] & {
    /** Ids of active runs that were overdue at `now`, oldest first. */
    overdue(now: number, limit: number): Promise<string[]>;
    /** How many active runs there are of each status. */
    countActive(): Promise<Record<string, number>>;
  };
  runWebhooks: {
    /** Messages to a webhook that were to be sent by `now`, longest waiting first. */
    due(target: string, now: number, limit: number): Promise<WaitingRunWebhook[]>;
    /** When the next message to a webhook is to be sent. */
    nextDueAt(target: string): Promise<number | undefined>;
  };
  files: StoreReads['files'] & {
    /** Whether a file or a part of an upload has this content. */
    isReferenced(sha256: string): Promise<boolean>;
    /** Ids of files that had expired at `now` (milliseconds), oldest first. */
    expired(now: number, limit: number): Promise<string[]>;
  };
  ingestion: IngestionReads;
  uploads: StoreReads['uploads'] & {
    /** Ids of pending uploads that had expired at `now` (milliseconds), oldest first. */
    expired(now: number, limit: number): Promise<string[]>;
  };
}

/** What a run that waits for a worker needs next. */
export type NextWork = 'model_call' | 'tool_calls';

/** What workers write in addition, for runs of every tenant. */
export interface WorkerWrites extends StoreWrites {
  /** What an import of a tenant's objects reads and writes. It sees which ids other tenants use. */
  importsFor(tenant: Tenant): ImportWrites;
  threads: StoreWrites['threads'] & WorkerReads['threads'];
  runs: StoreWrites['runs'] &
    WorkerReads['runs'] & {
      /**
       * Runs that a worker may claim at `now` for a model call, or for tool calls that the server runs, longest waiting first,
       * locked until this transaction ends.
       */
      claimable(now: number, limit: number, next: NextWork): Promise<RunRecord[]>;
      /** Extends `lease` on all its runs. */
      renew(lease: string, until: number): Promise<void>;
    };
  runWebhooks: StoreWrites['runWebhooks'] &
    WorkerReads['runWebhooks'] & {
      postpone(seq: number, attempts: number, dueAt: number): Promise<void>;
      /** Makes all messages to a webhook due that are not. */
      makeDue(target: string, now: number): Promise<void>;
      remove(seqs: number[]): Promise<void>;
      /** Removes messages that were created before `than`, and returns how many. */
      removeOlder(than: number): Promise<number>;
    };
  files: StoreWrites['files'] & WorkerReads['files'];
  ingestion: IngestionWrites;
  uploads: StoreWrites['uploads'] & WorkerReads['uploads'];
}

/** Storage in which no objects exist but those of one tenant. Routes get no other. */
export interface TenantStore extends StoreReads {
  /**
   * Runs `work` as one transaction. Once this resolves, the writes survive the end of the process. If `work` rejects,
   * nothing is written and this rejects with the same error.
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
  /** Costs next to nothing, for each request. */
  forTenant(tenant: Tenant): TenantStore;
  /** Why nothing can be written until the process is restarted; undefined if that is not so. */
  problem(): string | undefined;
  close(): Promise<void>;
}
