import type { Kysely } from 'kysely';
import type { RestThread } from '../../wire/thread.ts';
import type { CommittedChanges } from './changeNotifier.ts';
import type { StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';

export const threadRows = (db: Kysely<Tables>, changes: CommittedChanges): StoreWrites['threads'] => {
  const get = async (threadId: string) => {
    const row = await db.selectFrom('threads').select('object').where('id', '=', threadId).executeTakeFirst();
    return row && (JSON.parse(row.object) as RestThread);
  };
  return {
    get,
    // SQLite has one writer at a time, so a transaction needs no other lock.
    lock: get,

    insert: async (thread) => {
      await db
        .insertInto('threads')
        .values({ id: thread.id, object: JSON.stringify(thread), message_count: 0 })
        .execute();
    },

    update: async (thread) => {
      await db
        .updateTable('threads')
        .set({ object: JSON.stringify(thread) })
        .where('id', '=', thread.id)
        .execute();
    },

    remove: async (threadId) => {
      const runs = await db.selectFrom('runs').select('id').where('thread_id', '=', threadId).execute();
      const { numDeletedRows } = await db.deleteFrom('threads').where('id', '=', threadId).executeTakeFirst();
      for (const { id } of runs) changes.changedRuns.add(id);
      return numDeletedRows > 0n;
    },
  };
};
