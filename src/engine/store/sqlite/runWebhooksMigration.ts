import { sql } from 'kysely';

/** Messages for webhooks that have not been delivered. Each has a row for each of the webhooks, which `target` identifies. */
export const runWebhooksMigration = [
  sql`create table run_webhooks (seq integer primary key autoincrement, id text not null, target text not null,
    body text not null, created_at integer not null, attempts integer not null default 0, due_at integer not null)`,
  sql`create index run_webhooks_due on run_webhooks (target, due_at, seq)`,
  sql`create index run_webhooks_by_age on run_webhooks (created_at)`,
];
