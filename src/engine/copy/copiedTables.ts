import type { Tables } from '../store/rows/tables.ts';

/** A table, and the columns that identify a row. */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
}

/** Each database has its own. */
type OwnTable = 'schema_versions';

type Keys = { readonly [Table in Exclude<keyof Tables, OwnTable>]: readonly (keyof Tables[Table] & string)[] };

/** In the order in which rows refer to each other. */
const keys: Keys = {
  assistants: ['seq'],
  deleted_assistants: ['deletion'],
  threads: ['seq'],
  thread_metadata: ['tenant', 'key', 'value', 'created_at', 'thread_seq'],
  deleted_threads: ['deletion'],
  messages: ['seq'],
  deleted_messages: ['id'],
  runs: ['seq'],
  thread_usage: ['thread_id', 'model'],
  steps: ['seq'],
  engine_calls: ['seq'],
  run_events: ['run_id', 'sequence'],
  files: ['seq'],
  deleted_files: ['deletion'],
  uploads: ['seq'],
  upload_parts: ['seq'],
  file_usage: ['tenant'],
  vector_stores: ['seq'],
  deleted_vector_stores: ['deletion'],
  vector_store_batches: ['seq'],
  vector_store_files: ['seq'],
  deleted_vector_store_files: ['store_id', 'file_id'],
  removed_entries: ['entry'],
  run_webhooks: ['seq'],
  idempotency_keys: ['tenant', 'key'],
};

/** All tables, each after those that its rows refer to. */
export const copiedTables: readonly CopiedTable[] = Object.entries(keys).map(([name, key]) => ({ name, key }));
