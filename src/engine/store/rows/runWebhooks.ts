import type { Kysely } from 'kysely';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { RunWebhookWorkerWrites } from '../access/runWebhooks.ts';
import type { Tables } from './tables.ts';

/** The messages for the webhooks that `targets` identify. */
export const runWebhookRows = (
  db: Kysely<Tables>,
  changes: CommittedChanges,
  targets: readonly string[],
): RunWebhookWorkerWrites => ({
  add: async (messages) => {
    const now = Date.now();
    const rows = messages.flatMap(({ id, body }) =>
      targets.map((target) => ({ id, target, body, created_at: now, due_at: now })),
    );
    if (rows.length === 0) return;
    await db.insertInto('run_webhooks').values(rows).execute();
    changes.webhooksWaiting = true;
  },

  nextDueAt: async (target, now) => {
    const row = await db
      .selectFrom('run_webhooks')
      .select('due_at')
      .where('target', '=', target)
      .where('sending_until', '<=', now)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    return row?.due_at;
  },

  take: async (target, now, until, limit) => {
    const due = await db
      .selectFrom('run_webhooks')
      .select(['seq', 'id', 'body', 'attempts'])
      .where('target', '=', target)
      .where('due_at', '<=', now)
      .where('sending_until', '<=', now)
      .orderBy('due_at')
      .orderBy('seq')
      .limit(limit)
      .execute();
    if (due.length === 0) return due;
    const seqs = due.map(({ seq }) => seq);
    await db.updateTable('run_webhooks').set({ sending_until: until }).where('seq', 'in', seqs).execute();
    return due;
  },

  postpone: async (seq, attempts, dueAt) => {
    await db
      .updateTable('run_webhooks')
      .set({ attempts, due_at: dueAt, sending_until: 0 })
      .where('seq', '=', seq)
      .execute();
  },

  makeDue: async (target, now) => {
    await db
      .updateTable('run_webhooks')
      .set({ due_at: now })
      .where('target', '=', target)
      .where('due_at', '>', now)
      .execute();
  },

  remove: async (seqs) => {
    if (seqs.length > 0) await db.deleteFrom('run_webhooks').where('seq', 'in', seqs).execute();
  },

  removeOlder: async (than) => {
    const { numDeletedRows } = await db.deleteFrom('run_webhooks').where('created_at', '<', than).executeTakeFirst();
    return Number(numDeletedRows);
  },
});
