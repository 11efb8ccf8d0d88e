import { sql } from 'kysely';

/**
 * What the list of threads is read by: the time of creation of each thread, in seconds, and its pairs of metadata in the
 * order of the list. An index on an expression would need to know the keys; without an index, a filter reads every thread.
 */
export const threadListStatements = [
  sql`alter table threads add column created_at integer not null default 0`,
  sql`update threads set created_at = object ->> '$.created_at'`,
  sql`create index threads_of_tenant on threads (tenant, created_at, seq)`,
  sql`create table thread_metadata (tenant text not null, key text not null, value text not null,
    created_at integer not null, thread_seq integer not null references threads (seq) on delete cascade,
    primary key (tenant, key, value, created_at, thread_seq)) without rowid`,
  sql`create index thread_metadata_of_thread on thread_metadata (thread_seq)`,
  sql`insert into thread_metadata select tenant, pairs.key, pairs.value, created_at, seq
    from threads, json_each(threads.object, '$.metadata') as pairs`,
  sql`create table deleted_threads (deletion integer primary key autoincrement, id text not null unique,
    seq integer not null, created_at integer not null, tenant text not null)`,
  sql`alter table threads add column is_placeholder integer not null default 0`,
];
