import { type Kysely, sql } from 'kysely';
import { turnForText } from '../../../turns.ts';
import type { RestMessage } from '../../../wire/message.ts';
import type { MessageWrites } from '../access/messages.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import type { Tables } from './tables.ts';

const read = ({ object }: { object: string }): RestMessage => JSON.parse(object) as RestMessage;

export const messageRows = (db: Kysely<Tables>, { ownThread }: Ownership): MessageWrites => {
  const countBy = (threadId: string, change: number) =>
    db
      .updateTable('threads')
      .set({ message_count: sql`message_count + ${change}` })
      .where('id', '=', ownThread(threadId))
      .execute();

  return {
    get: async (threadId, messageId) => {
      const row = await db
        .selectFrom('messages')
        .select('object')
        .where('id', '=', messageId)
        .where('thread_id', '=', ownThread(threadId))
        .executeTakeFirst();
      return row && read(row);
    },

    list: (threadId, page, runId) => {
      const listed = db
        .selectFrom('messages')
        .where('thread_id', '=', ownThread(threadId))
        .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? null));
      const deleted = db
        .selectFrom('deleted_messages')
        .where('thread_id', '=', ownThread(threadId))
        .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? null));
      return readPage(
        page,
        async (id) => {
          const row =
            (await listed.select('seq').where('id', '=', id).executeTakeFirst()) ??
            (await deleted.select('seq').where('id', '=', id).executeTakeFirst());
          return row?.seq;
        },
        async (range) => {
          const rows = await listed
            .select('object')
            .where(isInRange(range))
            .orderBy('seq', range.direction)
            .limit(range.limit)
            .execute();
          await turnForText(rows.reduce((length, { object }) => length + object.length, 0));
          return rows.map(read);
        },
      );
    },

    insert: async (message) => {
      const { id, thread_id, run_id } = message;
      await db
        .insertInto('messages')
        .values({ id, thread_id: ownThread(thread_id), run_id, object: JSON.stringify(message) })
        .execute();
      await countBy(thread_id, 1);
    },

    update: async (message) => {
      await db
        .updateTable('messages')
        .set({ object: JSON.stringify(message) })
        .where('id', '=', message.id)
        .where('thread_id', '=', ownThread(message.thread_id))
        .execute();
    },

    remove: async (threadId, messageId) => {
      const removed = await db
        .deleteFrom('messages')
        .where('id', '=', messageId)
        .where('thread_id', '=', ownThread(threadId))
        .returning(['id', 'seq', 'thread_id', 'run_id'])
        .executeTakeFirst();
      if (removed === undefined) return false;
      await db.insertInto('deleted_messages').values(removed).execute();
      await countBy(threadId, -1);
      return true;
    },

    count: async (threadId) => {
      const row = await db
        .selectFrom('threads')
        .select('message_count')
        .where('id', '=', ownThread(threadId))
        .executeTakeFirst();
      return row?.message_count ?? 0;
    },
  };
};
