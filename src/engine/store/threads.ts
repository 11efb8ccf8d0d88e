import type { Kysely } from 'kysely';
import type { RestThread } from '../../wire/thread.ts';
import type { CommittedChanges } from './changeNotifier.ts';
import type { Ownership } from './ownership.ts';
import type { WorkerWrites } from './store.ts';
import type { Tables } from './tables.ts';
import type { Tenant } from '../tenant.ts';

export const threadRows = (
  db: Kysely<Tables>,
  changes: CommittedChanges,
  tenant: Tenant | undefined,
  { isOwn, ownThread }: Ownership,
): WorkerWrites['threads'] => {
  const get = async (threadId: string) => {
    const row = await db
      .selectFrom('threads')
      .select('object')
      .where('id', '=', threadId)
      .where(isOwn())
      .executeTakeFirst();
    return row && (JSON.parse(row.object) as RestThread);
  };
  return {
    get,
    // SQLite has one writer at a time, so a transaction needs no other lock.
    lock: get,

    tenantOf: async (threadId) => {
      const row = await db
        .selectFrom('threads')
        .select('tenant')
        .where('id', '=', threadId)
        .where(isOwn())
        .executeTakeFirst();
      return row?.tenant;
    },

    insert: async (thread) => {
      await db
        .insertInto('threads')
        .values({ id: thread.id, tenant, object: JSON.stringify(thread), message_count: 0 })
        .execute();
    },

    update: async (thread) => {
      await db
        .updateTable('threads')
        .set({ object: JSON.stringify(thread) })
        .where('id', '=', thread.id)
        .where(isOwn())
        .execute();
    },

    remove: async (threadId) => {
      const runs = await db.selectFrom('runs').select('id').where('thread_id', '=', ownThread(threadId)).execute();
      const { numDeletedRows } = await db
        .deleteFrom('threads')
        .where('id', '=', threadId)
        .where(isOwn())
        .executeTakeFirst();
      for (const { id } of runs) changes.changedRuns.set(id, undefined);
      return numDeletedRows > 0n;
    },
  };
};
