import { sql } from 'kysely';

/** As `sqlite/runCostMigration.ts`. */
export const runCostStatements = [
  sql`alter table runs add column unpruned_since bigint`,
  sql`update runs set unpruned_since = extract(epoch from now())::bigint * 1000 where active = 0 and last_event > 0`,
  sql`create index runs_unpruned on runs (unpruned_since) where unpruned_since is not null`,
  sql`alter table messages add column modified integer not null default 0`,
];
