import { sql } from 'kysely';

/** What a run follows in its thread: see `rows/tables.ts`. Not known of the runs of before. */
export const runPositionStatements = [sql`alter table runs add column after_message text collate "C"`];
