import { sql } from 'kysely';

/** As `sqlite/tenantQueueMigration.ts`. */
export const tenantQueueStatements = [
  sql`alter table vector_store_files add column tenant text collate "C" not null default 'default'`,
  sql`update vector_store_files as f set tenant = v.tenant from vector_stores as v
    where v.id = f.store_id and v.tenant <> 'default'`,
  sql`drop index vector_store_files_waiting`,
  sql`create index vector_store_files_waiting on vector_store_files (tenant, work_after, seq)
    where work_after is not null`,
];
