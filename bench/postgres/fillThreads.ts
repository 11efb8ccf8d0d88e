import { queryDatabase } from '../../test/support/databases.ts';

/** Messages of each thread but the first. */
const perThread = 100;

/** Messages that one statement inserts. Two are executed at a time. */
const batch = 1_000_000;

/**
 * Fills a database with `count` messages of 200 characters: `length` of them in `thread_0`, in which they lie between those of others,
 * and a hundred in each of the other threads, which also has a run with a step and five events. The tables are analysed afterwards, as
 * autovacuum does.
 */
export const fillThreads = async (databaseUrl: string, count: number, length: number): Promise<void> => {
  const threads = Math.ceil((count - length) / perThread);
  // Foreign keys are not checked: every row below refers to one of these threads.
  const settings = 'set auto_explain.log_min_duration = -1; set session_replication_role = replica';
  const run = (text: string) => queryDatabase(databaseUrl, `${settings}; ${text}`);
  await run(`insert into threads (id, object, message_count, created_at)
    select 'thread_' || n, json_build_object('id', 'thread_' || n, 'object', 'thread', 'created_at', 1600000000 + n,
      'tool_resources', '{}'::json, 'metadata', '{}'::json)::text, case n when 0 then ${length} else ${perThread} end, 1600000000 + n
    from generate_series(0, ${threads}) as n`);
  await run(`insert into runs (id, object, thread_id, status, created_at, active, expires_at, last_event, progress)
    select 'run_' || n, json_build_object('id', 'run_' || n, 'thread_id', 'thread_' || n, 'status', 'completed')::text, 'thread_' || n,
      'completed', 1600000000 + n, 0, 1600000600 + n, 5, '{}' from generate_series(1, ${threads}) as n;
    insert into steps (id, object, run_id) select 'step_' || n, '{}', 'run_' || n from generate_series(1, ${threads}) as n;
    insert into run_events (run_id, sequence, event, data)
      select 'run_' || n, sequence, 'thread.run.queued', '{}' from generate_series(1, ${threads}) as n, generate_series(1, 5) as sequence`);
  // The long thread is spread over the table, as the messages of others arrive between its own.
  const every = Math.max(1, Math.floor(count / length));
  const insertFrom = (start: number) =>
    run(`insert into messages (id, object, thread_id)
      select id, json_build_object('id', id, 'object', 'thread.message', 'created_at', 1600000000 + n, 'thread_id', thread_id,
        'role', case n % 2 when 0 then 'user' else 'assistant' end, 'status', 'completed', 'assistant_id', null, 'run_id', null,
        'attachments', '[]'::json, 'metadata', '{}'::json, 'completed_at', null, 'incomplete_at', null, 'incomplete_details', null,
        'content', json_build_array(json_build_object('type', 'text', 'text',
          json_build_object('value', repeat('message ', 25), 'annotations', '[]'::json))))::text, thread_id
      from (select n, thread_id, 'msg_' || thread_id || '_' || place as id from (
        select n, case when n % ${every} = 0 and n / ${every} < ${length} then 'thread_0'
            else 'thread_' || (1 + n % ${Math.max(1, threads)}) end as thread_id,
          case when n % ${every} = 0 and n / ${every} < ${length} then n / ${every} else n end as place
        from generate_series(${start}, ${Math.min(start + batch, count) - 1}) as n) as placed) as numbered`);
  for (let start = 0; start < count; start += 2 * batch)
    await Promise.all([start, start + batch].filter((first) => first < count).map(insertFrom));
  await queryDatabase(databaseUrl, 'vacuum analyze');
};
