import { sql } from 'kysely';

/**
 * Vector stores, their files, and the jobs that index these: a row of `vector_store_files` with `work_after` is one. Its `seq` is the
 * entry of the search index. The entries of rows that are gone, in whatever way, are in `removed_entries` until the index has removed them.
 */
export const vectorStoresMigration = [
  sql`create table vector_stores (seq integer primary key autoincrement, id text not null unique, object text not null,
    tenant text not null default 'default', expires_at integer)`,
  sql`create index vector_stores_of_tenant on vector_stores (tenant, seq)`,
  sql`create index vector_stores_expiring on vector_stores (expires_at) where expires_at is not null`,
  sql`create table deleted_vector_stores (deletion integer primary key autoincrement, id text not null unique,
    seq integer not null, tenant text not null)`,
  sql`create table vector_store_batches (seq integer primary key autoincrement, id text not null unique,
    object text not null, store_id text not null references vector_stores (id) on delete cascade)`,
  sql`create index batches_of_vector_store on vector_store_batches (store_id)`,
  sql`create table vector_store_files (seq integer primary key autoincrement, object text not null,
    store_id text not null references vector_stores (id) on delete cascade,
    file_id text not null references files (id) on delete cascade, batch_id text, status text not null,
    usage_bytes integer not null, work_after integer, attempts integer not null default 0)`,
  sql`create unique index vector_store_files_by_id on vector_store_files (store_id, file_id)`,
  sql`create index files_of_vector_store on vector_store_files (store_id, seq)`,
  sql`create index counts_of_vector_store on vector_store_files (store_id, status, usage_bytes)`,
  sql`create index vector_stores_of_file on vector_store_files (file_id)`,
  sql`create index files_of_batch on vector_store_files (batch_id, seq) where batch_id is not null`,
  sql`create index vector_store_files_waiting on vector_store_files (work_after, seq) where work_after is not null`,
  sql`create table deleted_vector_store_files (store_id text not null references vector_stores (id) on delete cascade,
    file_id text not null, seq integer not null, batch_id text, primary key (store_id, file_id)) without rowid`,
  sql`create table removed_entries (entry integer primary key)`,
  sql`create trigger vector_store_file_removed after delete on vector_store_files begin
    insert or ignore into removed_entries (entry) values (old.seq);
    insert or replace into deleted_vector_store_files (store_id, file_id, seq, batch_id)
      select old.store_id, old.file_id, old.seq, old.batch_id
      where exists (select 1 from vector_stores where id = old.store_id);
  end`,
];
