import type { RestThread } from '../../../wire/thread.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { ThreadWorkerWrites } from '../access/threads.ts';
import { removeDeletedThread } from './deletedThreads.ts';
import { NOBODY, type Ownership } from './ownership.ts';
import { keepLatest } from './positions.ts';
import { type StatementParts, type StatementScope, statement } from './statement.ts';
import { threadList } from './threadList.ts';
import { setThreadMetadata } from './threadMetadata.ts';

const read = (row: { object: string } | undefined) => row && (JSON.parse(row.object) as RestThread);

const insertThread = statement(
  ({ db, tenant, value }: StatementParts<{ id: string; object: string; createdAt: number }>) =>
    db
      .insertInto('threads')
      .values({ id: value('id'), tenant, object: value('object'), message_count: 0, created_at: value('createdAt') })
      .returning(['tenant', 'seq', 'created_at']),
);

export const threadRows = (scope: StatementScope, changes: CommittedChanges, owned: Ownership): ThreadWorkerWrites => {
  const { db, dialect, tenant } = scope;
  const { isOwn } = owned;
  const select = (threadId: string) =>
    db.selectFrom('threads').select('object').where('id', '=', threadId).where(isOwn());
  const lock = async (threadId: string) =>
    read(await dialect.locking(select(threadId), ['threads']).executeTakeFirst());
  return {
    get: async (threadId) => read(await select(threadId).executeTakeFirst()),
    lock,
    list: threadList(db, tenant, owned),

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
      const { id, created_at, metadata } = thread;
      const inserted = await insertThread(scope, { id, object: JSON.stringify(thread), createdAt: created_at });
      for (const row of inserted.rows) await setThreadMetadata(db, row, metadata, true);
    },

    update: async (thread) => {
      const updated = await db
        .updateTable('threads')
        .set({ object: JSON.stringify(thread), is_placeholder: 0 })
        .where('id', '=', thread.id)
        .where(isOwn())
        .returning(['tenant', 'seq', 'created_at'])
        .executeTakeFirst();
      if (updated !== undefined) await setThreadMetadata(db, updated, thread.metadata, false);
    },

    hasDeleted: async () => {
      const row = await db.selectFrom('threads').select('id').where('tenant', '=', NOBODY).limit(1).executeTakeFirst();
      return row !== undefined;
    },

    removeDeleted: (rows) => removeDeletedThread(db, dialect, rows),

    remove: async (threadId) => {
      await lock(threadId);
      const removed = await db
        .selectFrom('threads')
        .select(['id', 'seq', 'created_at', 'tenant'])
        .where('id', '=', threadId)
        .where(isOwn())
        .executeTakeFirst();
      if (removed === undefined) return false;
      await db.updateTable('threads').set({ tenant: NOBODY }).where('id', '=', threadId).execute();
      await db.deleteFrom('thread_metadata').where('thread_seq', '=', removed.seq).execute();
      const stopped = await db
        .updateTable('runs')
        .set({ active: 0, claim_after: null, lease: null })
        .where('thread_id', '=', threadId)
        .where('active', '=', (eb) => eb.lit(1))
        .returning('id')
        .execute();
      for (const { id } of stopped) changes.changedRuns.set(id, undefined);
      changes.threadDeleted = true;
      const { deletion } = await db
        .insertInto('deleted_threads')
        .values(removed)
        .returning('deletion')
        .executeTakeFirstOrThrow();
      await keepLatest(db, 'deleted_threads', deletion);
      return true;
    },
  };
};
