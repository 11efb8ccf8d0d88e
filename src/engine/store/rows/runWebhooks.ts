import type { Kysely } from 'kysely';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { StoreDialect } from '../dialect.ts';
import type { RunWebhookWorkerWrites } from '../access/runWebhooks.ts';
import type { Tables } from './tables.ts';

/** The messages for the webhooks that `targets` identify. */
export const runWebhookRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
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

  take: async (target, now, limit, until) => {
    const rows = await dialect
      .lockingFree(db.selectFrom('run_webhooks').select(['seq', 'id', 'body', 'attempts']), ['run_webhooks'])
      .where('target', '=', target)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('seq')
      .limit(limit)
      .execute();
    const seqs = rows.map(({ seq }) => seq);
    if (dialect.isShared && seqs.length > 0) {
      await db.updateTable('run_webhooks').set({ due_at: until }).where('seq', 'in', seqs).execute();
    }
    return rows;
  },

  nextDueAt: async (target) => {
    const row = await db
      .selectFrom('run_webhooks')
      .select((eb) => eb.fn.min('due_at').as('dueAt'))
      .where('target', '=', target)
      .executeTakeFirst();
    return row?.dueAt ?? undefined;
  },

  postpone: async (seq, attempts, dueAt) => {
    await db
      .updateTable('run_webhooks')
      .set({ attempts, due_at: Math.ceil(dueAt) })
      .where('seq', '=', seq)
      .execute();
  },

  makeDue: async (target, now) => {
    if (dialect.isShared) return;
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
