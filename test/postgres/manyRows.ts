/**
 * SQL that fills a database, so that its planner has a choice: a table of a few rows is read as a whole by any plan. Half of the
 * objects belong to one tenant; most runs have ended. Objects are not valid JSON of the API, as no row is returned.
 */
export const manyRows = `
  set session_replication_role = replica;
  insert into assistants (id, object, tenant) select 'asst_m' || n, '{}', 'tenant' || n % 10 from generate_series(1, 5000) n;
  insert into deleted_assistants (id, seq, tenant) select 'asst_md' || n, n, 'tenant' || n % 10 from generate_series(1, 5000) n;
  insert into threads (id, object, tenant, message_count, created_at)
    select 'thread_m' || n, '{}', case when n % 1000 = 7 then '' else 'tenant' || n % 2 end, 5, n / 10
    from generate_series(1, 20000) n;
  insert into deleted_threads (id, seq, created_at, tenant)
    select 'thread_md' || n, n, n / 10, 'tenant' || n % 2 from generate_series(1, 5000) n;
  insert into thread_metadata (tenant, key, value, created_at, thread_seq)
    select tenant, 'user', 'u' || seq % 1000, created_at, seq from threads
    union all select tenant, 'topic', 't' || seq % 7, created_at, seq from threads;
  insert into messages (id, object, thread_id, run_id)
    select 'msg_m' || n, '{}', 'thread_m' || 1 + n % 20000, case when n % 2 = 0 then 'run_m' || n % 20000 end
    from generate_series(1, 60000) n;
  insert into deleted_messages (id, seq, thread_id, run_id)
    select 'msg_md' || n, n, 'thread_m' || 1 + n % 20000, 'run_m' || n % 20000 from generate_series(1, 5000) n;
  insert into runs (id, object, thread_id, status, created_at, active, expires_at, claim_after, lease, last_event, progress)
    select 'run_m' || n, '{}', 'thread_m' || n, case when n % 100 = 0 then 'in_progress' else 'completed' end, n,
      case when n % 100 = 0 then 1 else 0 end, 1000000 + n, case when n % 100 = 0 then 1000000 + n end,
      case when n % 100 = 0 then 'lease' || n % 5 end, 10, '{}' from generate_series(1, 20000) n;
  update runs set unpruned_since = created_at where active = 0;
  insert into steps (id, object, run_id) select 'step_m' || n, '{}', 'run_m' || 1 + n % 20000 from generate_series(1, 40000) n;
  insert into engine_calls (id, run_id, name, arguments, citations, images)
    select 'call_m' || n, 'run_m' || 1 + n % 20000, 'code', '{}', '[]', '[]' from generate_series(1, 10000) n;
  insert into run_events (run_id, sequence, event, data)
    select 'run_m' || r, s, 'e', '{}' from generate_series(1, 20000) r, generate_series(1, 4) s;
  insert into thread_usage (thread_id, model, unknown_runs, uncounted_runs, prompt_tokens, completion_tokens, cached_tokens,
      max_run_prompt_tokens, first_run_at, last_run_at)
    select 'thread_m' || n, 'm', 0, 0, 1, 1, 0, 1, 1, 1 from generate_series(1, 20000) n;
  insert into files (id, object, tenant, purpose, sha256, bytes, expires_at)
    select 'file-m' || n, '{"filename":"a"}', 'tenant' || n % 10, 'assistants', 'sha' || n % 4000, 1,
      case when n % 10 = 0 then 2000000000 + n end from generate_series(1, 5000) n;
  insert into deleted_files (id, seq, tenant) select 'file-md' || n, n, 'tenant' || n % 10 from generate_series(1, 5000) n;
  insert into uploads (id, object, tenant, pending, expires_at)
    select 'upload_m' || n, '{}', 'tenant' || n % 10, n % 2, 2000000000 + n from generate_series(1, 5000) n;
  insert into upload_parts (id, upload_id, tenant, sha256, bytes)
    select 'part_m' || n, 'upload_m' || 1 + n % 5000, 'tenant1', 'sha' || n, 1 from generate_series(1, 10000) n;
  insert into file_usage (tenant, bytes) select 'tenant' || n, n from generate_series(0, 9) n;
  insert into vector_stores (id, object, tenant, expires_at)
    select 'vs_m' || n, '{}', 'tenant' || n % 10, case when n % 10 = 0 then 2000000000 + n end from generate_series(1, 5000) n;
  insert into deleted_vector_stores (id, seq, tenant) select 'vs_md' || n, n, 'tenant' || n % 10 from generate_series(1, 5000) n;
  insert into vector_store_batches (id, object, store_id)
    select 'vsfb_m' || n, '{}', 'vs_m' || 1 + n % 5000 from generate_series(1, 5000) n;
  insert into vector_store_files (object, store_id, file_id, batch_id, status, usage_bytes, work_after, tenant)
    select '{}', 'vs_m' || s, 'file-m' || f, 'vsfb_m' || s, case when s % 200 = 0 then 'in_progress' else 'completed' end, 1,
      case when s % 200 = 0 then 1000000 + s end, 'tenant' || s % 10 from generate_series(1, 5000) s, generate_series(1, 6) f;
  insert into deleted_vector_store_files (store_id, file_id, seq)
    select 'vs_m' || n, 'file-md' || n, n from generate_series(1, 5000) n;
  insert into removed_entries (entry) select 1000000 + n from generate_series(1, 5000) n;
  insert into run_webhooks (id, target, body, created_at, due_at)
    select 'wh_m' || n, 'target' || n % 2, '{}', 1000000 + n, 1000000 + n from generate_series(1, 5000) n;
  insert into idempotency_keys (tenant, key, fingerprint, result, created_at)
    select 'tenant1', 'key' || n, 'f', '{}', 2000000000000 + n from generate_series(1, 5000) n;
  set session_replication_role = default;
  analyze;
`;
