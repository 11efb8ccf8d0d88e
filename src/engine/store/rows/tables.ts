import type { Generated } from 'kysely';

/**
 * The tables. `object` is an object of the API as JSON; the other columns are for queries. `seq` is the order of insertion,
 * which is the order of every list.
 */
export interface Tables {
  schema_versions: { version: number; applied_at: number };
  /** `settings` is null in rows of earlier versions. */
  assistants: OwnedTable & { settings: string | null };
  /** `created_at` is in seconds. `is_placeholder`: 1 if only objects within the thread have been imported so far. */
  threads: OwnedTable & { message_count: number; created_at: number; is_placeholder: Generated<number> };
  /** The metadata of threads, each pair with the position of its thread in the list. */
  thread_metadata: { tenant: string; key: string; value: string; created_at: number; thread_seq: number };
  /** `deletion` is the order of deletion. Only the latest rows are kept. */
  deleted_assistants: { deletion: Generated<number>; id: string; seq: number; tenant: string };
  deleted_threads: { deletion: Generated<number>; id: string; seq: number; created_at: number; tenant: string };
  /** `modified`: 1 if a client has changed the metadata. */
  messages: ObjectTable & { thread_id: string; run_id: string | null; modified: Generated<number> };
  deleted_messages: { id: string; seq: number; thread_id: string; run_id: string | null };
  runs: ObjectTable & {
    thread_id: string;
    /** As in `object`. The time is in seconds. */
    status: string;
    created_at: number;
    /** 1 until the run has ended. A thread has at most one active run. */
    active: number;
    /**
     * Id of the newest message of the thread when the run was created, which may have been deleted since; empty if there was none. Null if
     * it is unknown, since the run was imported or created by an earlier version. Not its `seq`: imports exchange those.
     */
    after_message: string | null;
    expires_at: number;
    claim_after: number | null;
    lease: string | null;
    /** 1 if it waits for tool calls that the server runs. */
    has_server_calls: Generated<number>;
    last_event: number;
    /** When the run ended, in milliseconds, until its events have been removed; null before and after. */
    unpruned_since: number | null;
    progress: string;
  };
  /** Of the ended runs of a thread that had the same model. Times are in seconds. */
  thread_usage: {
    thread_id: string;
    model: string;
    /** Runs whose usage is unknown, and which the sums leave out. */
    unknown_runs: number;
    /** Runs with prompt tokens of which the number of cached ones is unknown. */
    uncounted_runs: number;
    prompt_tokens: number;
    completion_tokens: number;
    cached_tokens: number;
    max_run_prompt_tokens: number;
    first_run_at: number;
    last_run_at: number;
  };
  steps: ObjectTable & { run_id: string };
  /** Calls of the engine's own tools. `citations` and `images` are JSON. */
  engine_calls: {
    seq: Generated<number>;
    id: string;
    run_id: string;
    name: string;
    arguments: string;
    output: string | null;
    citations: string;
    images: string;
  };
  /**
   * Events of a run that one transaction wrote. `sequence` is the number of the last one. `data` has two lines for each: its name,
   * and its data as JSON. Earlier versions had a row for each event, with its name in `event`, which is empty now.
   */
  run_events: { run_id: string; sequence: number; event: string; data: string };
  /** `expires_at` is in seconds, as in `object`. */
  files: OwnedTable & { purpose: string; sha256: string; bytes: number; expires_at: number | null };
  /** As `deleted_assistants`. */
  deleted_files: { deletion: Generated<number>; id: string; seq: number; tenant: string };
  /** `pending` is 1 until the upload has ended. `expires_after` is that of its file, in seconds after its creation. */
  uploads: OwnedTable & { expires_after: number | null; pending: number; expires_at: number };
  upload_parts: {
    seq: Generated<number>;
    id: string;
    upload_id: string;
    tenant: Generated<string>;
    sha256: string;
    bytes: number;
  };
  file_usage: { tenant: string; bytes: number };
  /** `object` is without what its files determine. `expires_at` is in seconds, as in `object`. */
  vector_stores: OwnedTable & { expires_at: number | null };
  deleted_vector_stores: { deletion: Generated<number>; id: string; seq: number; tenant: string };
  /** `object` is without `status`, and its counts are those of the moment in which the last file was processed. */
  vector_store_batches: ObjectTable & { store_id: string };
  vector_store_files: {
    /** The entry of the search index. */
    seq: Generated<number>;
    /** Its status may be an earlier one than `status`. */
    object: string;
    store_id: string;
    file_id: string;
    batch_id: string | null;
    status: string;
    usage_bytes: number;
    /** From when the file may be indexed, in milliseconds; null if it need not be. */
    work_after: number | null;
    /** How often its indexing was started. */
    attempts: Generated<number>;
    /** Of the store. Only decides whose turn it is: a server of an earlier version writes `default`. */
    tenant: Generated<string>;
  };
  deleted_vector_store_files: { store_id: string; file_id: string; seq: number; batch_id: string | null };
  removed_entries: { entry: number };
  /** Times are in milliseconds. */
  run_webhooks: {
    seq: Generated<number>;
    id: string;
    target: string;
    body: string;
    created_at: number;
    attempts: Generated<number>;
    due_at: number;
  };
  /** `result` is JSON. */
  idempotency_keys: { tenant: string; key: string; fingerprint: string; result: string; created_at: number };
}

/** Objects with an owner of their own; all others have that of their thread. */
interface OwnedTable extends ObjectTable {
  tenant: Generated<string>;
}

interface ObjectTable {
  seq: Generated<number>;
  id: string;
  object: string;
}
