import { sql } from 'kysely';

/** Whose files they are, so that the waiting ones of each tenant are found without those of others. */
export const tenantQueueMigration = [
  sql`alter table vector_store_files add column tenant text not null default 'default'`,
  sql`update vector_store_files set tenant = (select tenant from vector_stores where id = store_id)
    where exists (select 1 from vector_stores where id = store_id and tenant <> 'default')`,
  sql`drop index vector_store_files_waiting`,
  sql`create index vector_store_files_waiting on vector_store_files (tenant, work_after, seq)
    where work_after is not null`,
];
