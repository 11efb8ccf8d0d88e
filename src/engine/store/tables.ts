import type { Generated } from 'kysely';

/**
 * The tables. `object` is an object of the API as JSON; the other columns are for queries. `seq` is the order of insertion,
 * which is the order of every list.
 */
export interface Tables {
  schema_versions: { version: number; applied_at: number };
  assistants: ObjectTable;
  threads: ObjectTable & { message_count: number };
  /** `deletion` is the order of deletion. Only the latest rows are kept. */
  deleted_assistants: { deletion: Generated<number>; id: string; seq: number };
  messages: ObjectTable & { thread_id: string; run_id: string | null };
  deleted_messages: { id: string; seq: number; thread_id: string; run_id: string | null };
  runs: ObjectTable & {
    thread_id: string;
    /** 1 until the run has ended. A thread has at most one active run. */
    active: number;
    expires_at: number;
    claim_after: number | null;
    lease: string | null;
    last_event: number;
    progress: string;
  };
  steps: ObjectTable & { run_id: string };
  run_events: { run_id: string; sequence: number; event: string; data: string };
  /** `result` is JSON. */
  idempotency_keys: { key: string; fingerprint: string; result: string; created_at: number };
}

interface ObjectTable {
  seq: Generated<number>;
  id: string;
  object: string;
}
