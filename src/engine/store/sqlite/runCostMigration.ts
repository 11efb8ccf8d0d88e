import { sql } from 'kysely';

/**
 * What bounds the cost of a run. The events of runs that have ended are removed after some time, which begins now for
 * those that ended before. `modified` shows the writer of a message whether a client has changed its metadata meanwhile.
 */
export const runCostMigration = [
  sql`alter table runs add column unpruned_since integer`,
  sql`update runs set unpruned_since = unixepoch() * 1000 where active = 0 and last_event > 0`,
  sql`create index runs_unpruned on runs (unpruned_since) where unpruned_since is not null`,
  sql`alter table messages add column modified integer not null default 0`,
];
